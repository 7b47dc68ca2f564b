import { SessionLedger } from './session-ledger.js';

describe('SessionLedger', () => {
  it('is the same after a journey as text', () => {
    const ledger = new SessionLedger();
    ledger.placed.set('upload/a "b".csv', 'file-1');
    ledger.noteCall('call_1');
    const other = SessionLedger.parse(ledger.toText());
    expect([...other.placed]).toEqual([['upload/a "b".csv', 'file-1']]);
    expect([other.hasRun('call_1'), other.hasRun('call_2'), other.isUnused]).toEqual([true, false, false]);
  });

  it.each(['', 'null', '{}', '[1, 2]', '[[], {}]', '[[["a"], [1, "b"], "c"], [5, null]]', '[[["a", "b"]', '"x"'])(
    'believes nothing of %j',
    (text) => {
      const ledger = SessionLedger.parse(text);
      expect([ledger.placed.size, ledger.isUnused]).toEqual([0, true]);
    },
  );

  it('forgets the oldest of many calls', () => {
    const ledger = new SessionLedger();
    for (let call = 0; call < 201; call += 1) ledger.noteCall(`call_${call}`);
    expect([ledger.hasRun('call_0'), ledger.hasRun('call_1'), ledger.hasRun('call_200')]).toEqual([false, true, true]);
  });
});
