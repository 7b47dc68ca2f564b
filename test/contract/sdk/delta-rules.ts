import { dataOf, type CallPart, type Frame } from './raw-stream.js';

const OPENS = /^thread\.(message|run\.step)\.created$/;
const CLOSES = /^thread\.(message|run\.step)\.(completed|incomplete|failed|cancelled|expired)$/;
const OF_OPEN = /^thread\.(message|run\.step)\.(in_progress|delta)$/;

/** Fails unless the stream keeps the rules of openai-wire.md sections 5.3 and 8, on which every SDK relies. */
export function expectGoodDeltas(frames: readonly Frame[]): void {
  expectOneOpenAtATime(frames);
  expectTextsToSumUp(frames);
  expectCallsToSumUp(frames);
  for (const { delta } of dataOf(frames, 'thread.message.delta')) expect(delta).not.toHaveProperty('id');
}

/** Each id is created once, at most one message and one step are open, and nothing is told of another one. */
function expectOneOpenAtATime(frames: readonly Frame[]): void {
  const open = new Map<string, string>();
  const created = new Set<string>();
  const continuesEarlier = frames[0]?.event === 'thread.run.step.completed';
  for (const [index, { event, data }] of frames.entries()) {
    const kind = (OPENS.exec(event) ?? CLOSES.exec(event) ?? OF_OPEN.exec(event))?.[1];
    const id = data.id ?? '';
    if (kind === undefined || (continuesEarlier && index === 0)) continue;
    if (OPENS.test(event)) {
      expect({ event, open: open.get(kind) }).toEqual({ event, open: undefined });
      expect(created.has(id)).toBe(false);
      created.add(id);
      open.set(kind, id);
    } else {
      expect({ event, id: open.get(kind) }).toEqual({ event, id });
      if (CLOSES.test(event)) open.delete(kind);
    }
  }
}

/** Message by message: the first delta of a part bears annotations, and all sum up to the final text. */
function expectTextsToSumUp(frames: readonly Frame[]): void {
  const finals = [...dataOf(frames, 'thread.message.completed'), ...dataOf(frames, 'thread.message.incomplete')];
  for (const { id, content } of finals) {
    const parts = dataOf(frames, 'thread.message.delta')
      .filter((delta) => delta.id === id)
      .flatMap(({ delta }) => delta?.content ?? []);
    const texts = parts.filter(({ type }) => type === 'text');
    expect(texts[0]?.text?.annotations).toEqual([]);
    for (const { index, text } of texts.slice(1)) {
      expect(Number.isInteger(index)).toBe(true);
      if (text?.annotations?.length === 0) throw new Error('A later delta bears empty annotations.');
    }
    const sum = texts.map(({ text }) => text?.value ?? '').join('');
    expect(content).toMatchObject([{ type: 'text', text: { value: sum } }]);
  }
}

/** Call by call: its id and name come once, with the first delta, and the calls come one after the other. */
function expectCallsToSumUp(frames: readonly Frame[]): void {
  for (const step of dataOf(frames, 'thread.run.step.created')) {
    if (step.type !== 'tool_calls') continue;
    expect(step.step_details?.tool_calls).toEqual([]);
    const deltas = dataOf(frames, 'thread.run.step.delta')
      .filter(({ id }) => id === step.id)
      .flatMap(({ delta }) => delta?.step_details?.tool_calls ?? []);
    const order = [...new Set(deltas.map(({ index }) => index))];
    expect(order).toEqual(order.map((_index, position) => position));
    const groups = order.map((position) => deltas.filter(({ index }) => index === position));
    expect(groups.flat()).toEqual(deltas);
    for (const [first, ...later] of groups) {
      expect(first?.id).toMatch(/./);
      for (const { id, function: called } of later) expect({ id, name: called?.name }).toEqual({});
    }
    const ids = groups.map(([first]) => first?.id);
    expect(new Set(ids).size).toBe(ids.length);
    expectSameInput(frames, step.id, groups);
  }
}

function expectSameInput(frames: readonly Frame[], stepId: string | undefined, groups: CallPart[][]): void {
  const final = dataOf(frames, 'thread.run.step.completed').find(({ id }) => id === stepId);
  if (!final) return;
  const inputs = (final.step_details?.tool_calls as CallPart[]).map(inputOf);
  expect(groups.map((group) => group.map(inputOf).join(''))).toEqual(inputs);
}

function inputOf({ function: called, code_interpreter }: CallPart): string {
  return called?.arguments ?? code_interpreter?.input ?? '';
}
