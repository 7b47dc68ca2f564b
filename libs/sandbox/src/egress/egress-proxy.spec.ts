import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { EgressRecord, EgressRule } from './egress-policy.js';
import { EgressProxy } from './egress-proxy.js';
import { EgressSession } from './egress-session.js';

describe('EgressProxy', () => {
  const records: EgressRecord[] = [];
  /** What reached the server: method, path, Host header and body. */
  const seen: string[] = [];
  let folder: string;
  let server: Server;
  let port: number;
  let proxy: EgressProxy;

  const open = async (rule: Partial<EgressRule> = {}): Promise<void> => {
    const whole = { hosts: [`localhost:${port}`], allowsPrivate: true, maxBytes: 100_000, ...rule };
    const session = new EgressSession(
      { tenantId: 'proj_1', sessionId: 'sbx_1', rule: whole },
      { mayDial: (_address, allowsPrivate) => allowsPrivate, onRequest: (record) => void records.push(record) },
    );
    proxy = await EgressProxy.open(folder, session);
  };

  /** The whole answer to some bytes. */
  const ask = async (text: string): Promise<string> => {
    const client = connect(proxy.socket);
    client.on('error', () => undefined);
    client.write(text);
    return (await buffer(client)).toString();
  };
  const get = (url: string, headers = ''): Promise<string> =>
    ask(`GET ${url} HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n${headers}\r\n`);

  beforeAll(async () => {
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${request.headers.host} ${body.toString()}`.trim());
        response.end('x'.repeat(Number(request.headers['x-size'] ?? 5)));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-egress-'));
    [records, seen].forEach((list) => list.splice(0));
  });
  afterEach(async () => {
    await proxy.close();
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('carries a request to the host of its URL, whatever the Host header says, and tells of it', async () => {
    await open();
    expect(await get(`http://localhost:${port}/a?b=c`)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*xxxxx/);
    expect(seen).toEqual([`GET /a?b=c localhost:${port}`]);
    expect(records).toEqual([
      expect.objectContaining({
        ...{ tenantId: 'proj_1', sessionId: 'sbx_1', host: 'localhost', port },
        ...{ verdict: 'allowed', reason: null, bytesOut: 0, bytesIn: 5 },
      }),
    ]);
  });

  it('carries a tunnel both ways', async () => {
    await open();
    const inner = 'POST /t HTTP/1.1\r\nHost: any\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi';
    const answer = await ask(`CONNECT localhost:${port} HTTP/1.1\r\n\r\n${inner}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\nHTTP\/1\.1 200 OK[^]*xxxxx/);
    expect(seen).toEqual(['POST /t any hi']);
    expect(records).toEqual([expect.objectContaining({ verdict: 'allowed', bytesOut: inner.length })]);
  });

  it.each([
    ['CONNECT other.example:443', 403, 'not allowed'],
    ['CONNECT localhost:1', 403, 'not allowed'],
    ['CONNECT 127.0.0.1:PORT', 403, 'not allowed'],
    ['CONNECT localhost', 400, 'malformed'],
    ['CONNECT localhost:PORT@x:1', 400, 'malformed'],
    ['GET /', 400, 'malformed'],
    ['GET http://other.example/', 403, 'not allowed'],
    ['GET https://localhost:PORT/', 400, 'malformed'],
    ['GET http://u:p@localhost:PORT/', 400, 'malformed'],
    ['BREW /pot', 400, 'malformed'],
  ])('refuses %s with %i', async (line, status, reason) => {
    await open();
    const answer = await ask(`${line.replace('PORT', String(port))} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(records).toEqual([expect.objectContaining({ verdict: 'refused', reason })]);
    expect(seen).toEqual([]);
  });

  it('refuses a name that leads to an address it may not dial', async () => {
    await open({ allowsPrivate: false, hosts: [`localhost:${port}`, `127.0.0.1:${port}`] });
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await get(`http://${host}:${port}/`)).toContain('HTTP/1.1 403 ');
      expect(await ask(`CONNECT ${host}:${port} HTTP/1.1\r\n\r\n`)).toContain('HTTP/1.1 403 ');
    }
    expect(records.map(({ reason }) => reason)).toEqual(Array(4).fill('private address'));
    expect(seen).toEqual([]);
  });

  it('ends what exceeds the bytes of the session, and refuses what comes after', async () => {
    await open({ maxBytes: 10_000 });
    expect((await get(`http://localhost:${port}/`, 'X-Size: 9000\r\n')).length).toBeGreaterThan(9000);
    await get(`http://localhost:${port}/`, 'X-Size: 90000\r\n');
    expect(await get(`http://localhost:${port}/`)).toContain('HTTP/1.1 429 ');
    expect(records.map(({ verdict, reason }) => `${verdict} ${reason}`)).toEqual([
      ...['allowed null', 'allowed limit', 'refused limit'],
    ]);
  });

  it.each([
    [
      'two framings',
      'POST',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      '0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
    ],
    ['two lengths', 'POST', 'Content-Length: 0\r\nContent-Length: 5\r\n', 'GET /smuggled HTTP/1.1\r\n\r\n'],
    ['a space before the colon', 'POST', 'Transfer-Encoding : chunked\r\n', '0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n'],
  ])('does not take a request with %s', async (_name, method, headers, body) => {
    await open();
    const answer = await ask(`${method} http://localhost:${port}/ HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`);
    expect(answer).toContain('HTTP/1.1 400 ');
    expect(seen).toEqual([]);
  });

  it('keeps a chunked body one, whatever the method', async () => {
    await open();
    const inner = 'GET /smuggled HTTP/1.1\r\n\r\n';
    const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    for (const method of ['GET', 'DELETE', 'POST']) {
      await ask(
        `${method} http://localhost:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
      );
    }
    expect(seen.map((line) => line.slice(0, 7).trim())).toEqual(['GET / l', 'DELETE', 'POST /']);
    expect(seen.every((line) => line.includes('GET /smuggled'))).toBe(true);
  });

  it('says that a server does not answer', async () => {
    await open({ hosts: ['localhost:1', 'nothing.invalid:80'] });
    expect(await get('http://localhost:1/')).toContain('HTTP/1.1 502 ');
    expect(await get('http://nothing.invalid/')).toContain('HTTP/1.1 502 ');
    expect(records.map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
  });

  it('takes a bounded number of connections', async () => {
    await open();
    const clients = Array.from({ length: 60 }, () => connect(proxy.socket).on('error', () => undefined));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const isOpen = await Promise.all(
      clients.map((client) =>
        Promise.race([
          once(client, 'close').then(() => false),
          new Promise((resolve) => setTimeout(resolve, 300, true)),
        ]),
      ),
    );
    expect(isOpen.filter(Boolean).length).toBe(32);
    for (const client of clients) client.destroy();
  });
});
