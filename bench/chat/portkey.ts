import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { installPortkey } from './portkey-install.js';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Portkey's gateway as a process of its own, before the imitated model server. Killed when this process ends. */
export class PortkeyGateway {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly modelOrigin: string,
  ) {}

  /** Installs it into the folder unless it is there. Throws where it cannot be installed or does not answer. */
  static async start(folder: string, modelOrigin: string): Promise<PortkeyGateway> {
    const program = await installPortkey(folder);
    const port = await freePort();
    const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production' },
      stdio: 'ignore',
    });
    process.on('exit', () => child.kill('SIGKILL'));
    const gateway = new PortkeyGateway(child, port, modelOrigin);
    await gateway.waitUntilItAnswers();
    return gateway;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** It learns from each request where to send it. */
  get headers(): Record<string, string> {
    return { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${this.modelOrigin}/v1` };
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private async waitUntilItAnswers(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (this.child.exitCode === null && Date.now() < deadline) {
      try {
        await (await fetch(this.origin)).arrayBuffer();
        return;
      } catch {
        await setTimeout(POLL_MS);
      }
    }
    this.stop();
    throw new Error('it did not start');
  }
}

/** It takes no port 0: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
