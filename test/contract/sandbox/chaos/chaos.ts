import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SandboxError,
  SessionKeeper,
  type SandboxEvent,
  type SandboxProvider,
  type SandboxSession,
  type SandboxStatus,
} from '@libs/sandbox';
import { SeededRandom } from './random.js';

export interface ChaosPlan {
  provider: SandboxProvider;
  seed: number;
  sessions: number;
  tenants: number;
  /** Sessions at work at once. */
  concurrency: number;
  /** Ends one of the interpreters, whichever. */
  killOne: (random: SeededRandom) => void;
}

const ACTS = ['cell', 'cell', 'cell', 'file', 'cancel', 'leave', 'timeout', 'kill', 'end', 'idle'] as const;
type Act = (typeof ACTS)[number];

export interface ChaosFigures {
  seconds: number;
  calls: number;
  statuses: Partial<Record<SandboxStatus, number>>;
  acts: Partial<Record<Act, number>>;
  /** Calls of sessions that had been ended, or whose interpreter was killed while it started. */
  refused: number;
  stateLost: number;
  /** What must never be: output, variables or files of one session in another. */
  breaches: string[];
}

const MOST_ACTS = 4;
const IDLE_MS = 150;
const LONG_CELL = 'import time\nfor _ in range(200):\n  print(who, flush=True)\n  time.sleep(0.05)';

/** Many sessions of several tenants, in which everything that may happen happens at random times. */
export class Chaos {
  readonly figures: ChaosFigures = {
    ...{ seconds: 0, calls: 0, statuses: {}, acts: {}, refused: 0, stateLost: 0, breaches: [] },
  };
  private readonly random: SeededRandom;
  private readonly keeper: SessionKeeper<null>;

  constructor(private readonly plan: ChaosPlan) {
    this.random = new SeededRandom(plan.seed);
    this.keeper = new SessionKeeper({
      acquire: (request) => plan.provider.acquire(request),
      idleMs: IDLE_MS,
      maxSessions: plan.concurrency + 2,
      newNotes: () => null,
      onLeftBehind: (error) => this.figures.breaches.push(`left behind: ${String(error)}`),
    });
  }

  async run(): Promise<ChaosFigures> {
    const startedAt = performance.now();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < this.plan.sessions) await this.live((next += 1));
    };
    await Promise.all(Array.from({ length: this.plan.concurrency }, work));
    await this.keeper.close();
    this.figures.seconds = (performance.now() - startedAt) / 1000;
    return this.figures;
  }

  /** One workspace from its first call to whatever end. */
  private async live(number: number): Promise<void> {
    const key = { tenantId: `tenant_${number % this.plan.tenants}`, workspaceId: `workspace_${number}` };
    const who = `<${key.tenantId}/${number}/${this.random.below(1e9)}>`;
    await this.attempt(key, who, 'cell');
    for (let act = this.random.below(MOST_ACTS) + 1; act > 0; act -= 1) {
      await this.attempt(key, who, this.random.pick(ACTS));
    }
    // The rest end by idling, by others that need their place, or with the keeper.
    const kept = this.keeper.find(key);
    if (kept !== undefined && this.random.next() < 0.5) await this.keeper.end(kept);
  }

  private async attempt(key: { tenantId: string; workspaceId: string }, who: string, act: Act): Promise<void> {
    count(this.figures.acts, act);
    try {
      const held = await this.keeper.hold(key, new AbortController().signal);
      try {
        await this.act(act, held.session, who, () => void this.keeper.end(held.kept));
      } finally {
        held.release();
      }
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.figures.refused += 1;
    }
    if (act === 'idle') await sleep(this.random.below(2 * IDLE_MS));
  }

  private async act(act: Act, session: SandboxSession, who: string, end: () => void): Promise<void> {
    const moment = this.random.below(120);
    const { signal, abort } = abortable();
    switch (act) {
      case 'file':
        return this.passFile(session, who);
      case 'cancel':
        setTimeout(abort, moment);
        return this.call(session, who, LONG_CELL, { signal });
      case 'leave':
        return this.call(session, who, LONG_CELL, { leaveAfter: 1 });
      case 'timeout':
        return this.call(session, who, LONG_CELL, { timeoutMs: 20 + moment });
      case 'kill':
        setTimeout(() => this.plan.killOne(this.random), moment);
        return this.call(session, who, LONG_CELL, { timeoutMs: 400 });
      case 'end':
        setTimeout(end, moment);
        return this.call(session, who, LONG_CELL, {});
      case 'cell':
      case 'idle':
        return this.call(session, who, 'print(who)', {});
    }
  }

  private async call(
    session: SandboxSession,
    who: string,
    code: string,
    options: { signal?: AbortSignal; timeoutMs?: number; leaveAfter?: number },
  ): Promise<void> {
    this.figures.calls += 1;
    let outputs = 0;
    // A variable of another's would stay as it is; a session that lost its own gets it anew.
    const checked = `who = globals().get("who", ${JSON.stringify(who)})\n${code}`;
    for await (const event of session.run(checked, options)) {
      this.check(event, who);
      if (event.type === 'stdout') outputs += 1;
      if (outputs === options.leaveAfter) return;
    }
  }

  private check(event: SandboxEvent, who: string): void {
    if (event.type === 'stdout') {
      const foreign = event.text.split('\n').filter((line) => line !== '' && line !== who);
      if (foreign.length > 0) this.figures.breaches.push(`${who} read ${JSON.stringify(foreign.slice(0, 3))}`);
    }
    if (event.type === 'file' && event.name !== 'own.txt') this.figures.breaches.push(`${who} has ${event.name}`);
    if (event.type !== 'done') return;
    count(this.figures.statuses, event.status);
    if (event.stateLost) this.figures.stateLost += 1;
  }

  private async passFile(session: SandboxSession, who: string): Promise<void> {
    const names = (await session.listFiles()).map(({ name }) => name);
    if (names.some((name) => name !== 'own.txt')) this.figures.breaches.push(`${who} has ${names.join()}`);
    await session.putFile('own.txt', chunks(who));
    await this.call(session, who, 'print(open("/mnt/data/own.txt").read())', {});
    const { stream } = await session.openFile('own.txt');
    const text = (await buffer(stream)).toString('utf8');
    if (text !== who) this.figures.breaches.push(`${who} read the file ${text}`);
  }
}

export function renderFigures(name: string, { breaches, ...figures }: ChaosFigures): string {
  const lines = Object.entries(figures).map(
    ([key, value]) => `  ${key}: ${typeof value === 'number' ? Math.round(value * 10) / 10 : JSON.stringify(value)}`,
  );
  return [`Chaos in ${name}`, ...lines, `  breaches: ${breaches.length}`, ''].join('\n');
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

function count<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
