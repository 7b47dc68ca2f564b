import { SlotAffinity } from './slot-affinity.js';

const NONE: ReadonlySet<number> = new Set<number>();

/** Takes a slot and gives it back. */
function turn(affinity: SlotAffinity, conversation: string, count: number, busy = NONE): number | undefined {
  const slot = affinity.take(conversation, count, busy);
  if (slot !== undefined) affinity.release(slot);
  return slot;
}

it('keeps a conversation in its slot', () => {
  const affinity = new SlotAffinity();
  expect(['a', 'b', 'a', 'b', 'a'].map((each) => turn(affinity, each, 4))).toEqual([0, 1, 0, 1, 0]);
});

it('gives a new conversation the slot whose last turn is the longest ago', () => {
  const affinity = new SlotAffinity();
  expect(['a', 'b', 'a', 'c', 'd'].map((each) => turn(affinity, each, 2))).toEqual([0, 1, 0, 1, 0]);
});

it('leaves the choice to the server while the slot is at work, and finds back', () => {
  const affinity = new SlotAffinity();
  expect(affinity.take('a', 2, NONE)).toBe(0);
  expect(affinity.take('a', 2, NONE)).toBeUndefined();
  affinity.release(0);
  expect(turn(affinity, 'a', 2, new Set([0]))).toBeUndefined();
  expect(turn(affinity, 'a', 2)).toBe(0);
});

it('gives none while all are at work', () => {
  const affinity = new SlotAffinity();
  expect(turn(affinity, 'a', 2, new Set([0, 1]))).toBeUndefined();
});

it('gives another where the server was started anew with fewer', () => {
  const affinity = new SlotAffinity();
  turn(affinity, 'a', 4);
  turn(affinity, 'b', 4);
  expect(turn(affinity, 'b', 1)).toBe(0);
});
