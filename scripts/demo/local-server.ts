import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { DemoError } from './demo-error.js';

const SERVES_AT = /Threadmill serves at http:\/\/[^/\s]*:(\d+)\/v1/;
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 20;
const LONGEST_LOG = 256 * 1024;
const LOG_LINES_SHOWN = 15;

/** What the server needs of the surroundings to run at all; settings of another server must not reach it. */
const INHERITED = [
  ...['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TMPDIR'],
  ...['Path', 'TEMP', 'TMP', 'SystemRoot', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE'],
  ...['SANDBOX_PROVIDER', 'SANDBOX_PYTHON'],
];

export interface LocalServerOptions {
  /** Arguments of `node` that start the server. */
  program: readonly string[];
  dataDir: string;
  environment?: Record<string, string>;
}

/** A server of the product as a child process on free ports, with its state in one folder. */
export class LocalServer {
  private log = '';
  private port = 0;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.log = (this.log + text).slice(-LONGEST_LOG);
      });
    }
  }

  /** Resolves when it serves. Throws a DemoError with the last lines of its log when it does not. */
  static async start({ program, dataDir, environment = {} }: LocalServerOptions): Promise<LocalServer> {
    const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
    const child = spawn(process.execPath, program, {
      env: {
        ...(Object.fromEntries(inherited) as Record<string, string>),
        ...{ API_PORT: '0', HTTP_SERVER_PORT: '0', LOG_LEVEL: 'warn', DATA_DIR: dataDir },
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new LocalServer(child);
    try {
      await server.waitUntilItServes();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Origin, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The end of its log, without what it tells the operator at its start. */
  get complaints(): string {
    const lines = this.log.split('\n').filter((line) => line.startsWith('{'));
    return lines.slice(-LOG_LINES_SHOWN).join('\n');
  }

  /** Signs up a user and gives the token. */
  async signUp(username: string, password: string): Promise<string> {
    const answer = await fetch(`${this.url}/api/auth/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new DemoError(`The signup was answered with status ${answer.status}: ${text}`);
    return (JSON.parse(text) as { access_token: string }).access_token;
  }

  /** Ends the process, by force where it does not end in time. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const ends = await Promise.race([ended, setTimeout(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (ends !== undefined) return;
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Ends the process without warning, for when this process ends itself. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private get hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async waitUntilItServes(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.hasEnded && Date.now() < deadline) {
      const match = SERVES_AT.exec(this.log);
      if (match) {
        this.port = Number(match[1]);
        return;
      }
      await setTimeout(POLL_MS);
    }
    const what = this.hasEnded ? 'ended before it served' : `did not serve within ${START_TIMEOUT_MS / 1000} seconds`;
    throw new DemoError(`The server ${what}. It wrote:\n${this.log.trimEnd()}`);
  }
}
