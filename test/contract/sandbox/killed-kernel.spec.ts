import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelLink } from '../../../libs/sandbox/src/protocol/kernel-link.js';
import type { DeathCause, KernelProcess } from '../../../libs/sandbox/src/protocol/kernel-process.js';

/** The two ends of a pipe as Node makes them for child processes. */
async function makePipe(folder: string): Promise<[host: Socket, kernel: Socket]> {
  const path = join(folder, 'pipe');
  const server = createServer().listen(path);
  await once(server, 'listening');
  const host = createConnection(path);
  const [kernel] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [host, kernel];
}

it('a kernel that is killed before it has read its request ends its call, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'threadmill-pipe-'));
  const [host, kernel] = await makePipe(folder);
  kernel.pause();
  let end: (cause: DeathCause) => void = () => undefined;
  const ended = new Promise<DeathCause>((resolve) => (end = resolve));
  const process = {
    requests: host,
    replies: host,
    outputs: undefined,
    ended,
    startLog: '',
  } as unknown as KernelProcess;
  const link = new KernelLink(process);
  const ignore = (): void => undefined;
  const death = new Promise<DeathCause>((resolve) => {
    link.start('1', { onOutput: ignore, onMessage: ignore, onReceived: ignore, onFinished: ignore, onDeath: resolve });
  });
  end('unknown');
  // The link waits for the end of its streams by now.
  await new Promise((resolve) => setImmediate(resolve));
  // What the kernel had not read makes its end a broken connection.
  host.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  kernel.destroy();
  expect(await death).toBe('unknown');
  await rm(folder, { recursive: true });
});
