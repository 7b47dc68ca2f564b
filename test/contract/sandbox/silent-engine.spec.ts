import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerProvider } from '@libs/sandbox';
import { eventually } from '../../support/eventually.js';

/** An imitation of an engine that takes every request and answers some of them. */
describe('a container engine that falls silent', () => {
  let folder: string;
  let server: Server;
  let answers: (request: IncomingMessage) => unknown;
  /** What it then says all the same. */
  let sendLate: () => void = () => undefined;
  const asked: string[] = [];
  const provider = (): DockerProvider =>
    new DockerProvider({ workspacesRoot: folder, socket: join(folder, 'engine.sock'), image: 'x', patienceMs: 2_000 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-engine-'));
    // The client repeats in the URL what it asks for.
    server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
      asked.push(`${request.method} ${(request.url ?? '').split('?')[0]}`);
      request.resume();
      const answer = answers(request);
      if (answer === undefined) return;
      const send = (): void =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      if (request.url?.includes('/create')) sendLate = send;
      else send();
    }).listen(join(folder, 'engine.sock'));
    await once(server, 'listening');
  });
  beforeEach(() => void asked.splice(0));
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('is found out by the probe, which says so', async () => {
    answers = () => undefined;
    const silent = provider();
    const probe = await silent.probe();
    expect(probe.ok ? '' : probe.reason).toContain('does not answer within 2 s');
    await expect(silent.reapOrphans()).rejects.toThrow('does not answer');
    await silent.close();
  });

  it('gives no session; a container that it makes too late is removed', async () => {
    answers = ({ url = '', method }) => {
      if (url.includes('/version')) return { Components: [] };
      if (url.includes('/info')) return { MemoryLimit: true, PidsLimit: true };
      if (url.includes('/create')) return { Id: 'late' };
      return method === 'DELETE' ? {} : undefined;
    };
    const slow = provider();
    await expect(slow.acquire({ tenantId: 'proj_1', workspaceId: 'w' })).rejects.toThrow('container engine');
    sendLate();
    await eventually(() => expect(asked).toContain('DELETE /containers/late'));
    await slow.close();
  });
});
