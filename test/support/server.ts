import { sleep } from '@libs/kernel';
import OpenAI, { type ClientOptions } from 'openai';
import { makeServerPlace, type ServerEngine, type ServerPlace } from './server-place.js';
import { ServerProcess, type ExitStatus } from './server-process.js';

export type { ServerEngine } from './server-place.js';

export interface ServerOptions {
  /** Default: embedded. */
  engine?: ServerEngine;
  /** Finds no database, which the embedded one's server then makes. Default: one with tables and nothing in them. */
  isFirstStart?: boolean;
  env?: Record<string, string>;
  /** One process serves the API and this many others work on runs; only on postgres+redis. Default: one does all. */
  workers?: number;
}

const SERVES_AT = /Threadmill serves at http:\/\/localhost:(\d+)\/v1/;
const PASSWORD = /^ {2}password: (\S+)$/m;
const WORKS = /Threadmill works on jobs\./;
/** A killed server leaves its sandbox's file systems mounted, so killing is the last resort. */
const STOP_PATIENCE_MS = 10_000;
const USER_PASSWORD = 'a-long-password';

/** Starts the real server as a child process on free ports and fresh state, and waits until it serves. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const place = await makeServerPlace(options.engine ?? 'embedded', options.isFirstStart);
  const server = new TestServer(place, options);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** The real server as its users have it: processes, a port, and state that outlives them. */
export class TestServer {
  private api: ServerProcess | undefined;
  private workers: ServerProcess[] = [];
  private port = 0;
  private password = '';

  constructor(
    private readonly place: ServerPlace,
    private readonly options: ServerOptions,
  ) {}

  /** Origin of the API, without a slash at the end; the same after a restart. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get dataDir(): string {
    return this.place.dataDir;
  }

  /** Of the process that serves the API. */
  get processId(): number {
    return this.api?.pid ?? 0;
  }

  /** As it was printed at the first start. */
  get adminPassword(): string {
    return this.password;
  }

  /** Of the processes that only work on runs. */
  get workerIds(): number[] {
    return this.workers.flatMap(({ pid }) => pid ?? []);
  }

  /** What the processes that only work on runs have written since their start. */
  get workerLogs(): string {
    return this.workers.map(({ logs }) => logs).join('');
  }

  /** The variables that lead a process to the server's state. */
  get environment(): Readonly<Record<string, string>> {
    return this.place.environment;
  }

  /** What the process that serves the API has written since its start. */
  get logs(): string {
    return this.api?.logs ?? '';
  }

  async start(): Promise<void> {
    const count = this.options.workers ?? 0;
    // Kernels that warm up in the background would take the processor from what is tested.
    const shared = {
      LOG_LEVEL: 'info',
      SANDBOX_WARM_KERNELS: '0',
      HTTP_SERVER_PORT: '0',
      ...this.place.environment,
      ...this.secret(),
    };
    const role: Record<string, string> = count > 0 ? { ROLE: 'api' } : {};
    this.api = await ServerProcess.spawn({ ...shared, ...role, API_PORT: String(this.port), ...this.options.env });
    this.port = Number((await this.api.waitFor(SERVES_AT))[1]);
    this.password = PASSWORD.exec(this.api.logs)?.[1] ?? this.password;
    const worker = { ...shared, ...this.options.env, ROLE: 'worker' };
    this.workers = await Promise.all(Array.from({ length: count }, () => ServerProcess.spawn(worker)));
    await Promise.all(this.workers.map((each) => each.waitFor(WORKS)));
  }

  /** Ends every process by the signal and gives how the one that serves the API ended. */
  async kill(signal: NodeJS.Signals): Promise<ExitStatus> {
    const [status] = await Promise.all(this.processes().map((each) => each.kill(signal)));
    return status ?? { code: null, signal: null };
  }

  /** Starts again on the same state and the same port. What still runs is killed without warning. */
  async restart(): Promise<void> {
    await this.kill('SIGKILL');
    await this.start();
  }

  /** Ends all processes, as an operator would and then by force, and removes every trace. */
  async stop(): Promise<void> {
    const patience = new AbortController();
    const ended = this.kill('SIGTERM').then(() => patience.abort());
    await Promise.race([ended, sleep(STOP_PATIENCE_MS, patience.signal)]);
    if (!patience.signal.aborted) await this.kill('SIGKILL');
    await this.place.remove();
  }

  /** Signs up a user and gives the token. */
  signUp(username: string): Promise<string> {
    return this.getToken('signup', { username, password: USER_PASSWORD });
  }

  logIn(username: string, password = USER_PASSWORD): Promise<string> {
    return this.getToken('login', { username, password });
  }

  /** The official client. */
  openaiFor(token: string, options: ClientOptions = {}): OpenAI {
    return new OpenAI({ apiKey: token, baseURL: `${this.baseUrl}/v1`, ...options });
  }

  /** The one that serves the API first. */
  private processes(): ServerProcess[] {
    return this.api === undefined ? [] : [this.api, ...this.workers];
  }

  /** Processes that share state must share the key that signs. */
  private secret(): Record<string, string> {
    return this.options.workers === undefined ? {} : { JWT_SECRET_KEY: 'the-secret-of-the-test-and-of-nothing-else' };
  }

  private async getToken(path: 'signup' | 'login', body: Record<string, string>): Promise<string> {
    const answer = await fetch(`${this.baseUrl}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
    return (JSON.parse(text) as { access_token: string }).access_token;
  }
}
