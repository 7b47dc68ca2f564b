import type { RunStatus } from '@libs/openai-wire';
import { ACTIVE_STATUSES, canFollow, isTerminal, RUN_STATUSES, statusesBefore } from './run-state.js';

/** openai-wire.md section 6, one row a status: what may follow it. */
const TABLE: Record<RunStatus, string> = {
  queued: 'in_progress cancelling cancelled failed expired',
  in_progress: 'requires_action completed incomplete failed cancelling expired',
  requires_action: 'queued cancelling cancelled expired',
  cancelling: 'cancelled completed failed expired',
  cancelled: '',
  failed: '',
  completed: '',
  incomplete: '',
  expired: '',
};
const ALL = Object.keys(TABLE) as RunStatus[];

test('knows every status of the wire, once', () => {
  expect([...RUN_STATUSES].sort()).toEqual([...ALL].sort());
});

test.each(ALL.flatMap((from) => ALL.map((to) => [from, to] as const)))('%s -> %s', (from, to) => {
  const allowed = TABLE[from].split(' ').includes(to);
  expect(canFollow(from, to)).toBe(allowed);
  expect(statusesBefore(to).includes(from)).toBe(allowed);
});

test.each(ALL)('%s holds its thread, or is an end from which nothing leads', (status) => {
  const isEnd = TABLE[status] === '';
  expect(isTerminal(status)).toBe(isEnd);
  expect(ACTIVE_STATUSES.includes(status)).toBe(!isEnd);
});

test('every status can come to an end', () => {
  for (const status of ACTIVE_STATUSES) expect(ALL.some((end) => isTerminal(end) && canFollow(status, end))).toBe(true);
});
