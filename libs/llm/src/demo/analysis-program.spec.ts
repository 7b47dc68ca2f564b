import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { buildAnalysisProgram } from './analysis-program.js';
import { readAnalysisResult, type FileResult } from './analysis-result.js';
import { reportAnalysis } from './analysis-report.js';

const PYTHON = '/usr/bin/python3';
const HIDDEN = ['pandas', 'matplotlib'];
/** Imports what takes a second, and runs each program that comes as a line in a process that has it already. */
const FORKING = `
import json, os, sys
try:
    import pandas, matplotlib.figure, matplotlib.backends.backend_agg
except ImportError: pass
for line in sys.stdin:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        exec(json.loads(line), {"__name__": "__main__"})
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    with open(reader) as output: text = output.read()
    print(json.dumps(text if os.waitpid(child, 0)[1] == 0 else None), flush=True)
`;

let folder: string;
/** A folder of modules that cannot be imported. */
let hiding: string;
let runForked: (program: string) => Promise<string>;
let endForking: () => Promise<unknown>;

beforeAll(async () => {
  hiding = await mkdtemp(join(tmpdir(), 'demo-hidden-'));
  for (const name of HIDDEN) {
    await mkdir(join(hiding, name));
    await writeFile(join(hiding, name, '__init__.py'), 'raise ImportError("hidden")\n');
  }
  const python = spawn(PYTHON, ['-c', FORKING], { env: { HOME: hiding }, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  runForked = async (program) => {
    python.stdin.write(`${JSON.stringify(program)}\n`);
    const { value } = await answers.next();
    const output = JSON.parse(String(value)) as string | null;
    if (output === null) throw new Error('The program failed; see above.');
    return output;
  };
  endForking = () => {
    python.stdin.end();
    return once(python, 'exit');
  };
});
afterAll(async () => {
  await endForking();
  await rm(hiding, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function analyse(files: Record<string, string | Buffer>, bare: boolean, question = ''): Promise<FileResult[]> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const program = buildAnalysisProgram(
    Object.keys(files).map((name) => join(folder, name)),
    question,
  );
  const stdout = await (bare ? runWithout(program) : runForked(program));
  const results = readAnalysisResult(`Some noise before.\n${stdout}`);
  if (results === undefined) throw new Error(`No results in: ${stdout}`);
  return results;
}

async function runWithout(program: string): Promise<string> {
  const env = { HOME: folder, PYTHONPATH: hiding };
  return (await promisify(execFile)(PYTHON, ['-c', program], { env })).stdout;
}

async function readPicture(name: string): Promise<PNG> {
  return PNG.sync.read(await readFile(join(folder, name)));
}

/** How many pixels have each strong colour: bars are coloured, all else is grey. */
function colourfulPixels({ data }: PNG): number {
  // Jest looks up each global in a context of its own, which a million times takes most of a second.
  const { max, min } = Math;
  let count = 0;
  for (let index = 0; index < data.length; index += 4) {
    const [red = 0, green = 0, blue = 0] = [data[index], data[index + 1], data[index + 2]];
    if (max(red, green, blue) - min(red, green, blue) > 50) count += 1;
  }
  return count;
}

interface Sale {
  region: string;
  units: number | null;
  price: number;
}

/** The same rows at each run, without the help of the code under test. */
function makeSales(): Sale[] {
  const regions = ['North', 'South', 'East'];
  return Array.from({ length: 200 }, (_, index) => ({
    region: regions[(index * 7) % 3] ?? '',
    units: index % 20 === 0 ? null : ((index * 37) % 50) + 1,
    price: Math.round((((index * 91) % 100) / 7) * 100) / 100,
  }));
}

function toCsv(sales: readonly Sale[]): string {
  const lines = sales.map(({ region, units, price }, index) => `${index},2024-01-02,${region},${units ?? ''},${price}`);
  return `order_id,date,region,units,price\n${lines.join('\n')}\n`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.each([
  ['with what the machine has', false],
  ['with the standard library only', true],
])('the analysis program %s', (_title, bare) => {
  it('finds the numbers that we compute ourselves', async () => {
    const sales = makeSales();
    const [result] = await analyse({ 'sales.csv': toCsv(sales) }, bare);
    const units = sales.flatMap((sale) => (sale.units === null ? [] : [sale.units]));
    expect(result).toMatchObject({ file: 'sales.csv', rows: 200, columnCount: 5, category: 'region', value: 'units' });
    expect(result?.columns.map(({ type }) => type)).toEqual(['identifier', 'date', 'category', 'integer', 'number']);
    const column = result?.columns[3];
    expect(column).toMatchObject({ name: 'units', missing: 10, min: Math.min(...units), max: Math.max(...units) });
    expect(column?.mean).toBeCloseTo(mean(units), 5);
    expect(result?.overallMean).toBeCloseTo(mean(units), 5);
    expect(result?.groups.map(({ name }) => name)).toEqual(['East', 'North', 'South']);
    for (const group of result?.groups ?? []) {
      const own = sales.filter(({ region }) => region === group.name);
      const ownUnits = own.flatMap((sale) => (sale.units === null ? [] : [sale.units]));
      expect(group.rows).toBe(own.length);
      expect(group.columns['units']?.mean).toBeCloseTo(mean(ownUnits), 5);
      expect(group.columns['units']?.total).toBeCloseTo(mean(ownUnits) * ownUnits.length, 4);
      expect(group.columns['price']?.mean).toBeCloseTo(mean(own.map(({ price }) => price)), 5);
    }
  });

  it('draws a chart with bars and writes a summary', async () => {
    const [result] = await analyse({ 'sales.csv': toCsv(makeSales()) }, bare, 'total price by region');
    expect(result).toMatchObject({ chart: 'sales_chart.png', summary: 'sales_summary.csv', value: 'price' });
    expect(result?.chartTitle).toBe('Total of price by region');
    const picture = await readPicture('sales_chart.png');
    expect(picture.width).toBeGreaterThan(600);
    expect(colourfulPixels(picture)).toBeGreaterThan(picture.width * picture.height * 0.1);
    const summary = (await readFile(join(folder, 'sales_summary.csv'), 'utf8')).trim().split(/\r?\n/);
    expect(summary).toHaveLength(4);
    expect(summary[0]).toMatch(/^region,rows,price_count,price_total,price_mean/);
  });

  it.each<[string, string | Buffer, Partial<FileResult>]>([
    ['semicolons.csv', 'Stadt;Wert\nKöln;1,5\nKöln;2,5\nBonn;"1.236,0"\n', { rows: 3, overallTotal: 1240 }],
    ['tabs.tsv', 'name\tscore\nAnn\t-1\nBob\t2\n', { rows: 2, category: 'name', overallMean: 0.5 }],
    ['thousands.csv', 'a,b\nx,"1,000"\nx,"2,500.5"\n', { overallTotal: 3500.5 }],
    ['marks.csv', Buffer.from('\ufeffa,b\nx,1\nx,3\n'), { category: 'a', overallMean: 2 }],
    ['wide.csv', Buffer.from('\ufeffa,b\nx,1\nx,5\n', 'utf16le'), { category: 'a', overallMean: 3 }],
    ['ragged.csv', 'a,b\nx,1\n\nx\nx,2,9\n', { rows: 3, overallMean: 1.5 }],
    ['twice.csv', 'a,a\nx,1\nx,2\n', { category: 'a', value: 'a_' }],
    ['single.csv', 'n\n1\n2\n9\n', { rows: 3, overallMean: 4, chartTitle: 'Distribution of n' }],
    ['same.csv', 'n\n5\n5\n', { overallMean: 5 }],
    ['words.csv', 'a,b\nx,y\nx,z\n', { category: 'a', chartTitle: 'Rows by a' }],
    ['negative.csv', 'a,b\nx,-4\nx,-2\ny,3\n', { overallMean: -1 }],
    ['odd.csv', 'a,b\nNaN,1\n"$x_{1}$",2\n"<b>|`",3\n', { rows: 3, overallMean: 2 }],
    [
      'records.json',
      '[{"k":"x","n":1},{"k":"x","n":null},{"k":"y","n":3}]',
      { rows: 3, category: 'k', overallMean: 2 },
    ],
    ['lines.jsonl', '{"k":"x","n":1}\n{"k":"x","n":2}\n', { rows: 2, overallMean: 1.5 }],
  ])('reads %s', async (name, content, expected) => {
    const [result] = await analyse({ [name]: content }, bare);
    expect(result).toMatchObject(expected);
    expect(result?.error).toBeUndefined();
    expect(colourfulPixels(await readPicture(result?.chart ?? ''))).toBeGreaterThan(100);
  });
});

describe('the analysis program', () => {
  it('analyses several files, says what it cannot read, and overwrites nothing', async () => {
    const results = await analyse(
      {
        'data.csv': 'a,b\nx,1\nx,2\n',
        'data.tsv': 'a\tb\nx\t3\nx\t5\n',
        'empty.csv': '',
        'broken.json': '{',
        'picture.png': Buffer.from([0x89, 0x50, 0, 0]),
        'binary.csv': Buffer.from([1, 0, 2, 0]),
      },
      true,
    );
    expect(results.map(({ overallMean, note, error }) => overallMean ?? note ?? error)).toEqual([
      1.5,
      4,
      'no rows',
      expect.stringMatching(/^JSONDecodeError/) as string,
      'not a table',
      'not a table',
    ]);
    const written = (await readdir(folder)).filter((name) => /_(chart|summary)\./.test(name));
    expect(written.sort()).toEqual([
      'data_chart.png',
      'data_summary.csv',
      'data_tsv_chart.png',
      'data_tsv_summary.csv',
    ]);
  });

  it('keeps its output short, and says what it left out', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `名前の長い列${index}${'列'.repeat(20)}`);
    const groups = Array.from({ length: 25 }, (_, index) => `グループ${index}`);
    const rows = [...groups, ...groups].map((group) => [group, ...names.map((_, index) => index)].join(','));
    const content = `k,${names.join(',')}\n${rows.join('\n')}\n`;
    const results = await analyse({ 'a.csv': content, 'b.csv': content, 'c.csv': content }, true);
    expect(JSON.stringify(results).length).toBeLessThan(16_000);
    expect(results.map(({ rows: count, summary }) => [count, summary])).toEqual([
      [50, 'a_summary.csv'],
      [50, 'b_summary.csv'],
      [50, 'c_summary.csv'],
    ]);
    expect(reportAnalysis(results)).toMatch(/\d+ more groups are in the summary/);
  });

  it('takes any file name as a name', async () => {
    const name = 'it\'s "odd" \\ \u2028 名前.csv';
    const [result] = await analyse({ [name]: 'a,b\nx,1\nx,2\n' }, true);
    expect(result).toMatchObject({ file: name, overallMean: 1.5 });
  });

  it('keeps to Python 3.8', async () => {
    const program = buildAnalysisProgram(['/mnt/data/a.csv'], 'q');
    const check = 'import ast, sys; ast.parse(sys.argv[1], feature_version=(3, 8))';
    await expect(promisify(execFile)(PYTHON, ['-c', check, program])).resolves.toMatchObject({ stderr: '' });
  });
});

describe('reportAnalysis', () => {
  it('tells the numbers and where the files lie', async () => {
    const sales = makeSales();
    const text = reportAnalysis(await analyse({ 'my sales.csv': toCsv(sales) }, true));
    const units = sales.flatMap((sale) => (sale.units === null ? [] : [sale.units]));
    expect(text).toContain('**200** rows, **5** columns');
    expect(text).toContain(`Overall mean of units: **${Math.round(mean(units) * 100) / 100}**`);
    const east = sales.filter(({ region }) => region === 'East');
    const eastUnits = east.flatMap((sale) => (sale.units === null ? [] : [sale.units]));
    expect(text).toContain(`| East | ${east.length} | ${Math.round(mean(eastUnits) * 100) / 100} |`);
    expect(text).toContain('[Download the chart](sandbox:/mnt/data/my%20sales_chart.png)');
    expect(text).toContain('[Download the summary](sandbox:/mnt/data/my%20sales_summary.csv)');
  });

  it('lets no cell break out of its table', async () => {
    const text = reportAnalysis(await analyse({ 'odd.csv': 'a,b\n"x|y\n[z](http://evil)",2\nu,3\nu,4\n' }, true));
    expect(text).toContain('| x\\|y \\[z\\](http://evil) | 1 | 2 | 2 |');
  });
});

describe('readAnalysisResult', () => {
  it.each([['no marker'], ['THREADMILL_DEMO_RESULT {"files": [{"fi'], ['THREADMILL_DEMO_RESULT 7']])(
    'is nothing for %j',
    (output) => {
      expect(readAnalysisResult(output)).toBeUndefined();
    },
  );
});
