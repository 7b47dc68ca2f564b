import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sleep } from '@libs/kernel';
import { isBuildFresh } from '../../scripts/support/build.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_TIMEOUT_MS = 110_000;
/** What a process wrote right before its end may be read after it. */
const LAST_WORDS_MS = 1000;
const LONGEST_LOG = 4 * 1024 * 1024;

export interface ExitStatus {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the product: the build where it is fresh, else the source. */
export class ServerProcess {
  private text = '';
  private readonly listeners = new Set<() => void>();
  readonly exited: Promise<ExitStatus>;
  private readonly closed: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.text = (this.text + chunk).slice(-LONGEST_LOG);
        this.notify();
      });
    }
    this.closed = once(child, 'close');
    this.exited = once(child, 'exit').then(([code, signal]) => {
      this.notify();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  /** Nothing of the test's own environment reaches the process but what it needs to run at all. */
  static async spawn(environment: Record<string, string>): Promise<ServerProcess> {
    const { PATH = '', HOME = '' } = process.env;
    const program = (await isBuildFresh())
      ? ['dist/src/main.js']
      : ['--import', '@swc-node/register/esm-register', 'src/main.ts'];
    const child = spawn(process.execPath, program, {
      cwd: ROOT,
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServerProcess(child);
  }

  /** Everything that it has written so far. */
  get logs(): string {
    return this.text;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first match in the output. Throws with the output if the process ends before, or is silent for too long. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) return match;
      if (!this.isRunning || Date.now() > deadline) {
        await Promise.race([this.closed, sleep(LAST_WORDS_MS)]);
        throw new Error(`The server did not write ${String(pattern)}. It wrote:\n${this.text}`);
      }
      await this.nextOutput(deadline - Date.now());
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ExitStatus> {
    if (this.isRunning) this.child.kill(signal);
    return this.exited;
  }

  private nextOutput(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(finish, patienceMs);
      const { listeners } = this;
      function finish(): void {
        clearTimeout(timer);
        listeners.delete(finish);
        resolve();
      }
      listeners.add(finish);
    });
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
