import { untilAborted } from './until-aborted.js';

const never = new Promise<string>(() => undefined);
const failing = (): Promise<string> => Promise.reject(new Error('failed'));

test('gives what the work gives', async () => {
  await expect(untilAborted(Promise.resolve('done'), new AbortController().signal)).resolves.toBe('done');
});

test('fails as the work fails', async () => {
  await expect(untilAborted(failing(), new AbortController().signal)).rejects.toThrow('failed');
});

test.each([
  ['before', true],
  ['meanwhile', false],
])('waits no longer where it is stopped %s', async (_title, isBefore) => {
  const stop = new AbortController();
  if (isBefore) stop.abort(new Error('stopped'));
  const waiting = untilAborted(never, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

test('a failure that nobody waits for any more is nothing', async () => {
  await expect(untilAborted(failing(), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});
