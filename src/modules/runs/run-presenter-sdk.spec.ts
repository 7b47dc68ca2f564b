import type { AgentEvent } from '@libs/agent';
import { present, sdkStream, type PresentedRun } from '../../../test/builders/presented-run.js';
import {
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  piece,
  play,
  refusal,
  serverFunction,
  start,
  text,
  usage,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';
import { toWireMessage } from '../threads/index.js';
import { toWireRunStep } from './run-step.mapper.js';
import { toWireRun } from './run.mapper.js';

/**
 * The SDK takes the stream, the last it hears of each object is what was kept, and what it puts together from the deltas
 * alone (its `finalMessages` up to version 6) is so, too.
 */
async function expectAccepted(presented: PresentedRun): Promise<void> {
  expectOneAtATime(presented);
  const sums = new Map<string, unknown>();
  const told = new Map<string, unknown>();
  const stream = sdkStream(presented)
    .on('messageDelta', (_, snapshot) => sums.set(snapshot.id, structuredClone(snapshot.content)))
    .on('runStepDelta', (_, snapshot) => sums.set(snapshot.id, structuredClone(snapshot.step_details)))
    .on('event', ({ data }) => {
      if ('status' in data) told.set(data.id, structuredClone(data));
    });
  expect(await stream.finalRun()).toEqual(toWireRun(presented.run));
  const finalMessages = await stream.finalMessages();
  expect(finalMessages.map(({ content }) => withoutIndexes(content))).toEqual(
    presented.messages.map((message) => toWireMessage(message).content),
  );
  for (const message of presented.messages) expect(told.get(message.id)).toEqual(toWireMessage(message));
  for (const step of presented.steps) {
    if (step.status !== 'in_progress') expect(told.get(step.id)).toEqual(toWireRunStep(step));
    if (step.type === 'tool_calls') expect(withoutIndexes(sums.get(step.id))).toEqual(toWireRunStep(step).step_details);
  }
  expect((await stream.finalRunSteps()).map(({ id }) => id)).toEqual(presented.steps.map(({ id }) => id));
}

/** What version 7 of the SDK demands: each object begins once, and of each kind only one is open. */
function expectOneAtATime({ frames }: PresentedRun): void {
  const begun = new Set<string>();
  const open: Record<string, string | null> = {};
  for (const { event, data } of frames) {
    const [, kind = '', word = ''] = /^thread\.(run\.step|message)\.(\w+)$/.exec(event) ?? [];
    if (kind === '') continue;
    const { id } = data as { id: string };
    if (word === 'created') {
      expect([open[kind] ?? null, begun.has(id)]).toEqual([null, false]);
      begun.add(id);
      open[kind] = id;
    }
    expect(open[kind]).toBe(id);
    if (!['created', 'in_progress', 'delta'].includes(word)) open[kind] = null;
  }
}

/** Deltas name places by `index`; the SDK leaves it on what it puts together. */
function withoutIndexes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIndexes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key === 'index' ? [] : [[key, withoutIndexes(item)]])),
  );
}

const LINK = 'sandbox:/mnt/data/a b.csv';
const ANSWER = [text('It is 42, see '), text(`${LINK} and ${LINK}.`), finish('stop'), usage(9, 2)];
const CODE = [start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"a'), piece(0, '😀\\n"}'), usage(3, 3)];
const tools = () => [
  fakeInterpreter([
    { type: 'output', output: { type: 'logs', logs: 'one ' } },
    { type: 'output', output: { type: 'logs', logs: 'two' } },
    { type: 'output', output: { type: 'image', fileId: 'file-i' } },
    { type: 'file', name: 'i.png', fileId: 'file-i', isImage: true },
    { type: 'result', content: 'one two' },
  ]),
  clientFunction('f'),
  serverFunction('g'),
];
const options = () => ({ tools: tools(), files: new Map([['a b.csv', 'file-a']]) });

describe('the official SDK puts together what was kept', () => {
  test.each<[string, ScriptStep[][]]>([
    ['text with links', [ANSWER]],
    ['nothing at all', [[finish('stop')]]],
    ['code, an image and text', [[text('Let me see.'), ...CODE], ANSWER]],
    ['two calls in a turn', [[...CODE, ...call(1, 'c2', 'code_interpreter', '{"code":"2"}')], ANSWER]],
    ['text behind a call', [[...CODE, text('late')], ANSWER]],
    ['functions', [[...call(0, 'c1', 'f', '{"a":1}'), ...call(1, 'c2', 'f', '{}')]]],
    ['code and a function', [[...CODE, ...call(1, 'c2', 'f', '{}')]]],
    ['a function that runs here', [call(0, 's1', 'g', '{"a":1}'), ANSWER]],
    ['functions of both sides', [[...call(0, 's1', 'g', '{}'), ...call(1, 'c1', 'f', '{}')]]],
    ['a refusal', [[text('a'), refusal('I '), refusal("won't"), finish('stop')]]],
    ['a text that is too long', [[text('half'), finish('length')]]],
    ['code that is too long', [[start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"a'), finish('length')]]],
  ])('%s', async (_, turns) => {
    const { events } = await play(turns, options());
    await expectAccepted(present(events));
  });

  test('a run that ends at any of its moments', async () => {
    const { events } = await play([[text('Let me see.'), ...CODE, text('late')], ANSWER], options());
    const endings: [AgentEvent, 'cancelled' | 'expired'][] = [
      [{ type: 'finished', outcome: { type: 'aborted' } }, 'cancelled'],
      [{ type: 'finished', outcome: { type: 'aborted' } }, 'expired'],
      [{ type: 'finished', outcome: { type: 'failed', code: 'server_error', message: 'no' } }, 'cancelled'],
    ];
    for (let count = 0; count < events.length; count += 1) {
      for (const [end, stopReason] of endings) {
        const presented = present([...events.slice(0, count), end], { stopReason });
        const last = presented.messages.at(-1);
        // A message without a delta has nothing that could be put together.
        if (last?.status === 'incomplete' && events[count - 1]?.type === 'message-started') continue;
        await expectAccepted(presented);
      }
    }
  });
});

/** Mulberry32: the same numbers in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function randomTurn(pick: (below: number) => number): ScriptStep[] {
  const words = ['a', ' ', '\n', '😀', LINK, 'sandbox:/mnt/', '"', '\\'];
  const some = (): string => Array.from({ length: pick(4) }, () => words[pick(words.length)] ?? '').join('');
  const steps: ScriptStep[] = [];
  const started = new Set<number>();
  for (let count = pick(12); count > 0; count -= 1) {
    const kind = pick(6);
    const index = pick(3);
    if (kind <= 1) steps.push(text(some()));
    else if (kind === 2) steps.push(refusal(some()));
    else if (started.has(index)) steps.push(piece(index, some()));
    else {
      started.add(index);
      steps.push(start(index, `c${pick(1e6)}`, ['code_interpreter', 'f', 'g', 'nope'][pick(4)] ?? ''));
      steps.push(piece(index, pick(2) ? JSON.stringify({ code: some() }) : '{"code":"'));
    }
  }
  return [
    ...steps,
    finish((['stop', 'tool_calls', 'length', 'content_filter'] as const)[pick(4)] ?? 'stop'),
    usage(1, 1),
  ];
}

test('whatever a model does, the SDK takes the stream (300 random runs)', async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const pick = randomNumbers(seed);
    const turns = Array.from({ length: 5 }, () => randomTurn(pick));
    const { events } = await play([...turns, ANSWER], options());
    const presented = present(events);
    await expectAccepted(presented).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    });
  }
});
