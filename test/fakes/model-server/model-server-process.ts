import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PROFILES, type ImitationOptions, type RecordedRequest } from './model-server.js';
import type { ProfileName } from './profile.js';
import type { ScriptedTurn } from './script.js';

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));

/** An imitation in another process, told what to do and asked what it saw over HTTP. */
export class RemoteModelServer {
  readonly model: string;

  constructor(
    profile: ProfileName,
    readonly url: string,
  ) {
    this.model = PROFILES[profile].model;
  }

  async setScript(turns: ScriptedTurn[]): Promise<void> {
    await this.#control('script', turns);
  }

  /** Makes it as it was at its start. */
  async reset(options: Pick<ImitationOptions, 'apiKey' | 'template'> = {}): Promise<void> {
    await this.#control('reset', options);
  }

  requests(): Promise<RecordedRequest[]> {
    return this.#control('requests');
  }

  /** Chat completions only. */
  async chats(): Promise<RecordedRequest[]> {
    const requests = await this.requests();
    return requests.filter(({ path }) => path === '/v1/chat/completions' || path === '/api/chat');
  }

  async #control(name: string, body?: unknown): Promise<RecordedRequest[]> {
    const more = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    // A kept connection would not survive the process.
    const answer = await fetch(`${this.url}/__${name}`, { ...more, headers: { connection: 'close' } });
    return (await answer.json()) as RecordedRequest[];
  }
}

/** One process of imitations, one server for each profile, which can be killed and started again at the same addresses. */
export class ModelServerProcess {
  #child: ChildProcess | undefined;
  #urls: string[] = [];

  private constructor(private readonly profiles: readonly ProfileName[]) {}

  /** On free ports, unless they are given in the order of the profiles. */
  static async start(profiles: readonly ProfileName[], ports: readonly number[] = []): Promise<ModelServerProcess> {
    const started = new ModelServerProcess(profiles);
    await started.#spawn(ports);
    return started;
  }

  serverOf(profile: ProfileName): RemoteModelServer {
    const url = this.#urls[this.profiles.indexOf(profile)];
    if (url === undefined) throw new Error(`This process imitates no ${profile}.`);
    return new RemoteModelServer(profile, url);
  }

  /** Ends it without warning, and with it every connection. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.#spawn(this.#urls.map((url) => Number(new URL(url).port)));
  }

  async #spawn(ports: readonly number[]): Promise<void> {
    const parameters = [
      ...this.profiles.flatMap((profile) => ['--profile', profile]),
      ...ports.flatMap((port) => ['--port', String(port)]),
    ];
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(PROGRAM, parameters, {
      execArgv: ['--import', 'tsx'],
      env: { PATH, HOME },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    const ended = once(child, 'exit').then(() => {
      throw new Error('The imitation ended before it served.');
    });
    const [urls] = (await Promise.race([once(child, 'message'), ended])) as [string[]];
    this.#urls = urls;
  }
}
