import type { SandboxEvent } from '@libs/sandbox';
import { executionReport, shorten, statusText } from './execution-report.js';

type Done = Extract<SandboxEvent, { type: 'done' }>;
const done = (changes: Partial<Done> = {}): Done => ({ type: 'done', status: 'ok', stateLost: false, ...changes });

describe('a word on a call that ended badly', () => {
  test.each([
    ['ok', null],
    ['error', null],
    ['timeout', '[Timeout]'],
    ['oom', '[Out of memory]'],
    ['cancelled', '[Cancelled]'],
    ['output_limit', '[Output limit]'],
    ['disk_limit', '[Disk limit]'],
    ['crashed', '[Crashed]'],
  ] as const)('%s: %s', (status, mark) => {
    const text = statusText(done({ status }));
    if (mark === null) expect(text).toBeNull();
    else expect(text?.startsWith(`${mark} `)).toBe(true);
    const lost = statusText(done({ status, stateLost: true, message: 'So it was.' }));
    expect(lost).toContain('variables are gone');
    if (mark !== null) expect(lost).toContain('So it was.');
  });
});

describe('what the model reads', () => {
  test.each([
    ['', [], {}, '(no output)'],
    [' \n', [], {}, '(no output)'],
    ['1\n', [], {}, '1\n'],
    ['', [{ name: 'a.csv', bytes: 3 }], {}, 'Files written:\n- /mnt/data/a.csv (3 bytes)'],
    ['', [], { status: 'timeout' }, '[Timeout] The execution took too long and was stopped.'],
  ] as const)('of %j, files %j, %j', (logs, files, changes, report) => {
    expect(executionReport(logs, files, done(changes))).toBe(report);
  });

  test('a long output keeps its beginning and its end', () => {
    const report = executionReport(`begin${'x'.repeat(100_000)}end`, [], done());
    expect(report.length).toBeLessThan(20_100);
    expect(report.startsWith('begin')).toBe(true);
    expect(report.endsWith('end')).toBe(true);
    expect(report).toContain('[… 80008 characters left out …]');
  });
});

describe('shortening', () => {
  test('leaves alone what fits', () => {
    expect(shorten('abcd', 4)).toBe('abcd');
    expect(shorten('', 0)).toBe('');
  });

  test('never cuts a character, wherever the cut falls', () => {
    for (let lead = 0; lead < 4; lead += 1) {
      for (let most = 1; most < 20; most += 1) {
        const text = 'a'.repeat(lead) + '😀'.repeat(20);
        const short = shorten(text, most);
        expect(short).not.toMatch(/\p{Surrogate}/u);
        const [, left = ''] = /… (\d+) characters/.exec(short) ?? [];
        const kept = short.replace(/\n\[….*…\]\n/, '').length;
        expect(kept + Number(left)).toBe(text.length);
        expect(kept).toBeLessThanOrEqual(most);
      }
    }
  });
});
