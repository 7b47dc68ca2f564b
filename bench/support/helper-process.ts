import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const LISTENING = /^listening on (\d+)$/;

/** A small server of a benchmark as a process of its own. It is killed when this process ends. */
export class HelperProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts a program that prints `listening on PORT`. Throws when it ends without. */
  static async start(program: string, programArguments: readonly string[] = []): Promise<HelperProcess> {
    const child = spawn(process.execPath, [program, ...programArguments], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.on('exit', () => child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      const match = LISTENING.exec(line);
      if (match) return new HelperProcess(child, Number(match[1]));
    }
    throw new Error(`${program} ended before it listened.`);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
