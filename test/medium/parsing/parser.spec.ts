import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentParser, DEFAULT_PARSE_LIMITS, type DocumentParser } from '@libs/retrieval';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { launch, type Launch } from '../../../libs/retrieval/src/parse/process/launch.js';
import { makeWorkbook } from '../../builders/documents/corpus.js';
import { eventually } from '../../support/eventually.js';

const PATIENCE_MS = 120_000;
const MIB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'parser-'));
const parsers: DocumentParser[] = [];
afterEach(async () => {
  for (const parser of parsers.splice(0)) await parser.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function started(options: Parameters<typeof createDocumentParser>[0]): DocumentParser {
  const parser = createDocumentParser(options);
  parsers.push(parser);
  return parser;
}

function stored(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const PARSER_PIPES: StdioOptions = ['pipe', 'ignore', 'ignore', 'pipe'];

function fail(error: Error): never {
  throw error;
}

/** As Node gives a child for which there were no descriptors. */
function withoutPipes(error: Error): ChildProcess {
  const child = new EventEmitter() as ChildProcess;
  process.nextTick(() => child.emit('error', error));
  return child;
}

const small = (): string => stored('small.txt', 'Small.');

describe('the limits of a process', () => {
  it('ends one that takes too long', async () => {
    const parser = started({ processes: 1, timeLimitMs: 1 });
    const slow = parser.parse({ path: stored('slow.csv', 'a,b\n'.repeat(3_000_000)), filename: 'slow.csv' });
    await expect(slow).rejects.toMatchObject({
      reason: 'invalid_file',
      message: expect.stringMatching(/longer than 1 seconds/),
    });
  });

  it(
    'ends one that takes too much memory',
    async () => {
      const incidents: string[] = [];
      const parser = started({
        processes: 1,
        memoryLimitBytes: 150 * MIB,
        onIncident: (sentence) => incidents.push(sentence),
      });
      const path = stored('large.csv', 'some,words,of,text\n'.repeat(4_000_000));
      await expect(parser.parse({ path, filename: 'large.csv' })).rejects.toMatchObject({
        reason: 'invalid_file',
        message: expect.stringMatching(/memory|crashed|more than/),
      });
      expect(incidents.length).toBeLessThanOrEqual(1);
    },
    PATIENCE_MS,
  );

  it('takes no file that is larger than is allowed', async () => {
    const parser = started({ limits: { ...DEFAULT_PARSE_LIMITS, maxFileBytes: MIB } });
    const path = stored('big.txt', 'x'.repeat(MIB + 1));
    await expect(parser.parse({ path, filename: 'big.txt' })).rejects.toThrow(/larger than 1 MiB/);
  });
});

describe('the pool', () => {
  it(
    'reads many files at once, each as itself',
    async () => {
      const parser = started({ processes: 2 });
      const texts = Array.from({ length: 60 }, (_, index) => `Text number ${index}.`);
      const parsed = await Promise.all(
        texts.map((text, index) => parser.parse({ path: stored(`${index}.txt`, text), filename: `${index}.txt` })),
      );
      expect(parsed.map(({ text }) => text)).toEqual(texts);
    },
    PATIENCE_MS,
  );

  it(
    'reads at once what is urgent, however many others are read and wait',
    async () => {
      let launched = 0;
      const busyAtFirst: Launch = (limits) =>
        (launched += 1) <= 2 ? spawn('/bin/cat', { stdio: PARSER_PIPES }) : launch(limits);
      const parser = started({ processes: 2, launch: busyAtFirst });
      const abort = new AbortController();
      const request = { path: small(), filename: 'small.txt' };
      const others = Array.from({ length: 5 }, () => parser.parse({ ...request, signal: abort.signal }));
      await eventually(() => expect(launched).toBe(2));
      const urgent = Array.from({ length: 3 }, () => parser.parse({ ...request, isUrgent: true }));
      expect((await Promise.all(urgent)).map(({ text }) => text)).toEqual(['Small.', 'Small.', 'Small.']);
      expect(launched).toBe(3);
      abort.abort(new Error('enough'));
      const outcomes = await Promise.allSettled(others);
      expect(outcomes.map(({ status }) => status)).toEqual(Array.from(others, () => 'rejected'));
    },
    PATIENCE_MS,
  );

  it(
    'stops when it is told to, and goes on',
    async () => {
      const parser = started({ processes: 1 });
      const abort = new AbortController();
      const path = stored('book.xlsx', makeWorkbook('xlsx'));
      const working = parser.parse({ path, filename: 'book.xlsx', signal: abort.signal });
      const waiting = parser.parse({ path: small(), filename: 'small.txt', signal: abort.signal });
      // The process needs longer than this to start.
      setTimeout(() => abort.abort(new Error('enough')), 100);
      const outcomes = await Promise.allSettled([working, waiting]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect((await parser.parse({ path: small(), filename: 'small.txt' })).text).toBe('Small.');
    },
    PATIENCE_MS,
  );

  it.each<[string, () => ChildProcess]>([
    ['the system has no memory for it', () => fail(new Error('spawn ENOMEM'))],
    ['the system has no process for it', () => spawn('/nowhere/at/all', { stdio: PARSER_PIPES })],
    ['the system has no descriptors for it', () => withoutPipes(new Error('spawn EMFILE'))],
    ['its program cannot be run', () => spawn('/bin/sh', ['-c', 'exec /nowhere'], { stdio: PARSER_PIPES })],
  ])('blames the server where no parser starts because %s, and goes on', async (_, failToLaunch) => {
    let failures = 0;
    const failOnce: Launch = (limits) => ((failures += 1) === 1 ? failToLaunch() : launch(limits));
    const parser = started({ processes: 1, launch: failOnce });
    const request = { path: small(), filename: 'small.txt' };
    await expect(parser.parse(request)).rejects.toMatchObject({ reason: 'server_error', mayPass: true });
    expect((await parser.parse(request)).text).toBe('Small.');
  });

  it('blames the server where the file is not there', async () => {
    const parser = started({ processes: 1 });
    const missing = parser.parse({ path: join(folder, 'missing'), filename: 'a.txt' });
    await expect(missing).rejects.toMatchObject({ reason: 'server_error' });
  });

  it('tells who waits for a file that it was closed', async () => {
    const parser = started({ processes: 1 });
    const parsing = parser.parse({ path: small(), filename: 'small.txt' });
    setTimeout(() => void parser.close(), 20);
    await expect(parsing).rejects.toMatchObject({ reason: 'server_error' });
  });
});
