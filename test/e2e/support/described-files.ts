import { makePdf, makeWorkbook } from '../../builders/documents/corpus.js';

/** A file, and what of its structure and content models are to be told. */
export interface DescribedFile {
  name: string;
  content: Buffer | string;
  structure: object;
  samples?: object;
}

const PROGRAM = 'import csv\n\nclass Sales:\n    def total(self):\n        return 8\n';
const HEADERS = ['region', 'sales'];

/** One of each kind of which there is more to tell than that it is text. The word "sales" is in each of them. */
export async function describedFiles(): Promise<DescribedFile[]> {
  return [
    {
      name: 'table.csv',
      content: 'region;sales\nnorth;3\nsouth;5\n',
      structure: { format: 'csv', rows: 3, delimiter: ';', columns: 2, headers: HEADERS },
      samples: {
        sample_rows: [
          ['north', '3'],
          ['south', '5'],
        ],
      },
    },
    {
      name: 'values.json',
      content: '{"sales": [3, 5], "year": 2026}',
      structure: { format: 'json', structure: 'object', keys: ['sales', 'year'], key_count: 2 },
      samples: { sample: { sales: [3, 5], year: 2026 } },
    },
    {
      name: 'program.py',
      content: PROGRAM,
      structure: { language: 'python', imports: ['import csv'], definitions: ['class Sales', 'def total'] },
    },
    {
      name: 'book.xlsx',
      content: makeWorkbook('xlsx'),
      structure: {
        sheet_names: ['Sales 2026', 'Numbers'],
        sheets: [
          { name: 'Sales 2026', rows: 4, columns: 3, column_names: ['region', 'units', 'price'] },
          { name: 'Numbers', rows: 2, columns: 2 },
        ],
      },
      samples: {
        sheets: [
          {
            sample_rows: [
              ['north', '3', '4.5'],
              ['south', '5'],
              ['east', '7', '1'],
            ],
          },
          {},
        ],
      },
    },
    {
      name: 'pages.pdf',
      content: await makePdf(['Sales of the north.', 'Sales of the south.']),
      structure: { format: 'pdf', pages: 2, title: 'Annual report' },
    },
  ];
}

/** Facts by the file's name, as JSON behind it. */
export function factsIn(prompt: unknown, pattern: RegExp): Record<string, unknown> {
  const found = [...String(prompt).matchAll(pattern)];
  return Object.fromEntries(found.map(([, name = '', facts = '']) => [name, JSON.parse(facts) as unknown]));
}
