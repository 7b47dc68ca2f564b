import { decideStatus, type CallFacts } from './call-status.js';

const LIMITS = { maxOutputBytes: 100, memoryBytes: 2 ** 20, timeoutMs: 1000 };
const WELL: CallFacts = { stopped: undefined, claimed: 'ok', death: undefined, outputCut: false, diskFull: false };

describe('decideStatus', () => {
  it.each<[string, Partial<CallFacts>, string]>([
    ['all well', {}, 'ok'],
    ['an error', { claimed: 'error' }, 'error'],
    ['an interrupt that nobody asked for', { claimed: 'interrupted' }, 'error'],
    ['cut output', { outputCut: true }, 'output_limit'],
    ['cut output of a failure', { outputCut: true, claimed: 'error' }, 'error'],
    ['a full disk, and no failure', { diskFull: true }, 'ok'],
    ['a failure on a full disk', { diskFull: true, claimed: 'error' }, 'disk_limit'],
    ['a timeout that the kernel calls well', { stopped: 'timeout' }, 'timeout'],
    ['a timeout that the kernel died of', { stopped: 'timeout', claimed: undefined, death: 'unknown' }, 'timeout'],
    ['a cancelled call', { stopped: 'cancelled', claimed: 'interrupted' }, 'cancelled'],
    ['a flood', { stopped: 'flood', claimed: 'interrupted', outputCut: true }, 'output_limit'],
    ['death for want of memory', { claimed: undefined, death: 'memory' }, 'oom'],
    ['death for want of processor time', { claimed: undefined, death: 'processor' }, 'timeout'],
    ['death for want of disk', { claimed: undefined, death: 'disk' }, 'disk_limit'],
    ['death as such', { claimed: undefined, death: 'unknown' }, 'crashed'],
    ['death after a claim', { claimed: 'ok', death: 'unknown' }, 'crashed'],
  ])('judges %s', (_title, facts, status) => {
    expect(decideStatus({ ...WELL, ...facts }, LIMITS).status).toBe(status);
  });
});
