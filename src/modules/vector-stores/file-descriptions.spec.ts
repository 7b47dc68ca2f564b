import { UnreadableDocumentError, type DocumentMetadata, type DocumentParser } from '@libs/retrieval';
import { fileNotFound } from '@libs/openai-wire';
import { FileDescriptions } from './file-descriptions.js';
import type { DocumentFiles } from './ingestion/document-files.js';

const ALICE = { projectId: 'proj_alice' };
const BOB = { projectId: 'proj_bob' };
const TABLE = { format: 'csv', columns: ['day', 'sales'], delimiter: ',' };
const SALES = { fileId: 'file-sales', name: 'sales.csv', bytes: 100 };

let parsed: string[];
let found: DocumentMetadata | Error;
let openable: (projectId: string, fileId: string) => void;

function describer(): FileDescriptions {
  const parser: Pick<DocumentParser, 'parse'> = {
    parse: ({ filename, isUrgent }) => {
      parsed.push(filename);
      expect(isUrgent).toBe(true);
      if (found instanceof Error) return Promise.reject(found);
      return Promise.resolve({ text: '', sections: [], metadata: found });
    },
  };
  const documents: Pick<DocumentFiles, 'withFile'> = {
    withFile: async ({ projectId }, fileId, _signal, work) => {
      openable(projectId, fileId);
      return work({ path: `/tmp/${fileId}`, filename: 'as it was uploaded' });
    },
  };
  return new FileDescriptions(parser as DocumentParser, documents as DocumentFiles);
}

beforeEach(() => {
  parsed = [];
  found = TABLE;
  openable = () => undefined;
});

describe('descriptions of files', () => {
  it.each([
    ['a table', 'a.csv', 100, TABLE],
    ['a workbook', 'A.XLSX', 100, TABLE],
    ['a program', 'a.py', 100, TABLE],
    ['records', 'a.jsonl', 100, TABLE],
    ['a PDF', 'a.pdf', 20e6, TABLE],
    ['no text, which has no structure', 'a.txt', 100, null],
    ['no file without an ending', 'csv', 100, null],
    ['nothing too large to be read in time', 'a.csv', 20e6 + 1, null],
  ])('tell of %s', async (_, name, bytes, expected) => {
    expect(await describer().describe(ALICE, { fileId: 'file-a', name, bytes })).toEqual(expected);
    expect(parsed).toEqual(expected === null ? [] : [name]);
  });

  it('are made once a file and project', async () => {
    const descriptions = describer();
    const asked: string[] = [];
    openable = (projectId, fileId) => asked.push(`${projectId} ${fileId}`);
    for (const scope of [ALICE, ALICE, BOB]) await descriptions.describe(scope, SALES);
    expect(asked).toEqual(['proj_alice file-sales', 'proj_bob file-sales']);
  });

  it('are none of a file that cannot be read, which is not tried again', async () => {
    const descriptions = describer();
    found = new UnreadableDocumentError('invalid_file', 'Broken.');
    expect(await descriptions.describe(ALICE, SALES)).toBeNull();
    found = TABLE;
    expect(await descriptions.describe(ALICE, SALES)).toBeNull();
    expect(parsed).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['where parsers are busy', () => (found = new Error('The time is over.'))],
    [
      "of another project's file",
      () =>
        (openable = () => {
          throw fileNotFound('file-sales');
        }),
    ],
  ])('are none %s, and are made later', async (_, prepare) => {
    const descriptions = describer();
    prepare();
    expect(await descriptions.describe(ALICE, SALES)).toBeNull();
    found = TABLE;
    openable = () => undefined;
    expect(await descriptions.describe(ALICE, SALES)).toEqual(TABLE);
  });

  it('are kept of so many files at most', async () => {
    const descriptions = describer();
    for (let number = 0; number < 501; number += 1) {
      await descriptions.describe(ALICE, { ...SALES, fileId: `file-${number}` });
    }
    await descriptions.describe(ALICE, { ...SALES, fileId: 'file-0' });
    await descriptions.describe(ALICE, { ...SALES, fileId: 'file-500' });
    expect(parsed).toHaveLength(502);
  });

  it('are short', async () => {
    found = { ...TABLE, sample: 'x'.repeat(20_000), rows: 3 };
    expect(await describer().describe(ALICE, SALES)).toEqual({ ...TABLE, rows: 3 });
  });
});
