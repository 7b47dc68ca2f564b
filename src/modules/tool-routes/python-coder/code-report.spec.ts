import type { WorkspaceFileRecord } from '../../files/index.js';
import type { CodeEvent } from '../../tools/index.js';
import { CodeReport } from './code-report.js';

const DONE = { type: 'done', status: 'ok', stateLost: false } as const;

function report(events: readonly CodeEvent[], files: readonly string[] = []) {
  const made = new CodeReport();
  for (const event of events) made.add(event);
  return made.build(files.map(toRecord));
}

function toRecord(name: string, index: number): WorkspaceFileRecord {
  const createdAt = new Date('2026-11-28T12:00:00.500Z');
  return { name, fileId: `file-${index}`, kind: 'generated', bytes: index, createdAt, url: '' };
}

describe('the report of code that ran', () => {
  test.each<[string, CodeEvent[], object]>([
    [
      'what was printed and the last value',
      [{ type: 'stdout', text: 'a\n' }, { type: 'result', text: '2' }, DONE],
      { answer: 'Code executed successfully.\n\nOutput:\na\n2', data: { stdout: 'a\n2', stderr: '', returncode: 0 } },
    ],
    ['nothing', [DONE], { answer: 'Code executed successfully.\n\n(No output)' }],
    [
      'code that warns',
      [{ type: 'stderr', text: 'careful' }, DONE],
      { answer: 'Code executed successfully.\n\n(No output)', data: { stderr: 'careful', returncode: 0 } },
    ],
    [
      'code that raised',
      [
        { type: 'stdout', text: 'a' },
        { type: 'stderr', text: 'Traceback' },
        { ...DONE, status: 'error' },
      ],
      {
        answer: 'Code execution failed.\n\nOutput (before error):\na\n\nError:\nTraceback',
        data: { returncode: 1 },
        error: 'Traceback',
      },
    ],
    ['code that said nothing', [{ ...DONE, status: 'error' }], { error: 'The code failed.', data: { returncode: 1 } }],
    [
      'code that took too long',
      [
        { type: 'stderr', text: 'half' },
        { ...DONE, status: 'timeout', message: 'Too long.' },
      ],
      { data: { stderr: 'half\nToo long.', returncode: -1 }, error: 'half\nToo long.' },
    ],
    ['an interpreter that died', [{ ...DONE, status: 'crashed' }], { error: 'The execution ended: crashed.' }],
    ['code without an end', [], { data: { returncode: -1 } }],
  ])('%s', (_, events, expected) => {
    expect(report(events)).toMatchObject(expected);
  });

  test('names files, each once, and the newest of a name', () => {
    const { answer, data } = report([DONE], ['a.csv', 'plots/b.png', 'a.csv', '__proto__']);
    expect(answer).toContain('Files in workspace: a.csv, plots/b.png, __proto__');
    const { files } = data as { files: Record<string, object> };
    expect(Object.entries(files)).toHaveLength(3);
    expect(files['a.csv']).toEqual({ size: 2, modified: 1_795_867_200.5, path: '/mnt/data/a.csv' });
  });
});
