import { processorTimeOf } from '../support/process-usage.js';
import { median } from '../support/statistics.js';
import { ANSWER, CALLING_MODEL, CALLING_TURNS, INSTANT_MODEL, PACED_MODEL, PACED_TOKENS } from './models.mjs';
import type { ServerName, Target, Targets } from './places.js';
import type { Plan } from './plan.js';
import { StreamCaller, type StreamCall, type StreamTiming } from './stream-call.js';

/** What one server showed in one round; null where it was not asked, or the system does not tell. */
export interface Sample {
  /** Milliseconds that a run took beyond its model's answer, one at a time. */
  runAdded: number;
  runsPerSecond: number;
  /** Milliseconds of processor time of all its processes for each run, many at once. */
  processorTime: number | null;
  /** Milliseconds that a token was under way longer than from the model itself. */
  tokenAdded: number;
  /** Milliseconds of each turn of a chat completion with tools beyond the model's answer. */
  turnAdded: number | null;
}

export type Round = Partial<Record<ServerName, Sample>>;

const QUESTION = 'Which of the two harbours has the deeper basin, and since when?';
const MICROSECONDS = 1000;

/** Goes through all servers in every round, beginning with another one each time. Throws where anything fails. */
export async function measure(targets: Targets, plan: Plan, progress: (text: string) => void): Promise<Round[]> {
  const model = new StreamCaller(targets.model.origin, 1);
  const names = Object.keys(targets.all) as ServerName[];
  const subjects = new Map<ServerName, Subject>();
  for (const name of names) subjects.set(name, await Subject.prepare(targets.all[name], plan, name === 'bare'));
  const rounds: Round[] = [];
  for (let index = 0; index < plan.rounds; index += 1) {
    progress(`round ${index + 1} of ${plan.rounds}`);
    const round: Round = {};
    const ordered = [...names.slice(index % names.length), ...names.slice(0, index % names.length)];
    for (const name of ordered) {
      const sample = await subjects.get(name)?.sample(model);
      if (sample) round[name] = sample;
    }
    rounds.push(round);
  }
  await Promise.all([model, ...[...subjects.values()].map(({ caller }) => caller)].map((each) => each.close()));
  return rounds;
}

/** One server under measurement. */
class Subject {
  private constructor(
    readonly caller: StreamCaller,
    private readonly target: Target,
    private readonly plan: Plan,
    private readonly isBare: boolean,
    private readonly assistantId: string,
  ) {}

  static async prepare(target: Target | undefined, plan: Plan, isBare: boolean): Promise<Subject> {
    if (!target) throw new Error('There is no such server.');
    const caller = new StreamCaller(target.origin, plan.concurrency);
    const assistantId = isBare ? '' : await createAssistant(target);
    const subject = new Subject(caller, target, plan, isBare, assistantId);
    await subject.runs(INSTANT_MODEL, plan.warmUp, plan.concurrency);
    return subject;
  }

  async sample(model: StreamCaller): Promise<Sample> {
    const { plan, isBare } = this;
    const direct = await repeat(plan.single, () => model.call(chatOf(INSTANT_MODEL), endsAsChat));
    const single = await this.runs(INSTANT_MODEL, plan.single, 1);
    const before = this.processorTime();
    const startedAt = performance.now();
    await this.runs(INSTANT_MODEL, plan.many, plan.concurrency);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = this.processorTime();
    const directTokens = await model.call(chatOf(PACED_MODEL), endsAsChat);
    const tokens = await this.runs(PACED_MODEL, plan.paced, 1);
    return {
      runAdded: median(totalsOf(single)) - median(totalsOf(direct)),
      runsPerSecond: plan.many / seconds,
      processorTime: before === null || after === null ? null : (after - before) / MICROSECONDS / plan.many,
      tokenAdded: median(delaysOf(tokens)) - median(delaysOf([directTokens])),
      turnAdded: isBare ? null : await this.turnAdded(median(totalsOf(direct))),
    };
  }

  private async turnAdded(direct: number): Promise<number> {
    const { target, plan } = this;
    const call = { ...chatOf(CALLING_MODEL, { tools: [{ type: 'calculator' }] }), token: target.token };
    const chats = await repeat(plan.chats, () => this.caller.call(call, (text) => text.includes(lastWord)));
    return median(totalsOf(chats)) / CALLING_TURNS - direct;
  }

  private async runs(model: string, count: number, concurrency: number): Promise<StreamTiming[]> {
    const { target, assistantId, isBare } = this;
    const thread = { messages: [{ role: 'user', content: QUESTION }] };
    const body = { assistant_id: assistantId, model, stream: true, thread };
    const call = { path: '/v1/threads/runs', token: target.token, body };
    const isWhole = (text: string): boolean =>
      text.endsWith('[DONE]\n\n') && (isBare || text.includes('event: thread.run.completed'));
    let left = count;
    const work = async (): Promise<StreamTiming[]> => {
      const timings: StreamTiming[] = [];
      while (left > 0) {
        left -= 1;
        timings.push(await this.caller.call(call, isWhole));
      }
      return timings;
    };
    const timings = await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work));
    return timings.flat();
  }

  private processorTime(): number | null {
    const times = this.target.pids.map((pid) => processorTimeOf(pid));
    return times.reduce<number | null>((sum, time) => (sum === null || time === null ? null : sum + time), 0);
  }
}

const lastWord = ANSWER.slice(ANSWER.lastIndexOf(' ') + 1);

async function createAssistant({ origin, token }: Target): Promise<string> {
  const answer = await fetch(`${origin}/v1/assistants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'openai-beta': 'assistants=v2' },
    body: JSON.stringify({ model: INSTANT_MODEL, instructions: 'Answer briefly.' }),
  });
  if (!answer.ok) throw new Error(`No assistant: status ${answer.status}`);
  return ((await answer.json()) as { id: string }).id;
}

function chatOf(model: string, more: object = {}): StreamCall {
  const messages = [{ role: 'user', content: QUESTION }];
  return { path: '/v1/chat/completions', token: '', body: { model, stream: true, messages, ...more } };
}

const endsAsChat = (text: string): boolean => text.endsWith('data: [DONE]\n\n');

async function repeat<Value>(count: number, work: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let index = 0; index < count; index += 1) values.push(await work());
  return values;
}

const totalsOf = (timings: readonly StreamTiming[]): number[] => timings.map(({ total }) => total);

/** All moments of each stream must have been seen. */
function delaysOf(timings: readonly StreamTiming[]): number[] {
  for (const { delays } of timings) {
    if (delays.length !== PACED_TOKENS) throw new Error(`${delays.length} tokens instead of ${PACED_TOKENS}`);
  }
  return timings.flatMap(({ delays }) => delays);
}
