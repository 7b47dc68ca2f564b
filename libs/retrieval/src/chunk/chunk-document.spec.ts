import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Chunk, ChunkingStrategy } from '../ports/chunk.js';
import type { DocumentSection, ParsedDocument } from '../ports/document.js';
import { chunkDocument } from './chunk-document.js';

const SIZED = ['static', 'recursive', 'sentence', 'markdown', 'code'] as const;
const LONE_SURROGATE = /\p{Surrogate}/u;

function documentOf(text: string, sections?: DocumentSection[]): ParsedDocument {
  const whole: DocumentSection = { start: 0, end: text.length, page: null, headings: [], kind: 'prose' };
  return { text, sections: sections ?? [whole], metadata: {} };
}

/** Numbers that look random and are the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const FRAGMENTS = [
  'word ',
  'Another sentence ends here. ',
  'Really? ',
  '\n',
  '\n\n',
  '# Heading\n',
  '  indented\n',
  '漢字かな。',
  '👩‍👩‍👧',
  '𝒳𝓎',
  'x'.repeat(90),
  ' '.repeat(70),
  '\t',
  'def name(argument):\n    return argument\n\n',
  '| a | b |\n',
  '…',
  '0123456789',
  'Dr. Who ',
];

function randomText(seed: number): string {
  const random = randomNumbers(seed);
  const length = Math.floor(random() * 400);
  return Array.from({ length }, () => FRAGMENTS[Math.floor(random() * FRAGMENTS.length)]).join('');
}

function expectSound(text: string, chunks: Chunk[], maxTokens: number): void {
  let covered = 0;
  chunks.forEach((chunk, index) => {
    expect(chunk.index).toBe(index);
    expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
    expect(chunk.text.trim()).not.toBe('');
    expect(chunk.text).not.toMatch(LONE_SURROGATE);
    expect(chunk.tokens).toBeLessThanOrEqual(maxTokens);
    expect(chunk.end).toBeGreaterThan(covered);
    expect(text.slice(covered, Math.max(covered, chunk.start)).trim()).toBe('');
    covered = chunk.end;
  });
  expect(text.slice(covered).trim()).toBe('');
}

describe('each strategy, over random texts', () => {
  const sizes = [
    [100, 0],
    [100, 50],
    [128, 13],
    [300, 150],
    [4096, 2048],
  ] as const;
  const cases = SIZED.flatMap((type) => sizes.map(([max, overlap]) => [type, max, overlap] as const));

  it.each(cases)('%s of %i tokens with %i of overlap', async (type, maxTokens, overlapTokens) => {
    for (let seed = 0; seed < 12; seed += 1) {
      const text = randomText(seed);
      const chunks = await chunkDocument(documentOf(text), { strategy: { type, maxTokens, overlapTokens } });
      expectSound(text, chunks, maxTokens);
    }
  });

  it.each([...SIZED])('%s is total for sizes out of bounds too', async (type) => {
    const text = randomText(3);
    const strategies: ChunkingStrategy[] = [
      { type, maxTokens: 1, overlapTokens: 0 },
      { type, maxTokens: 1, overlapTokens: 100 },
      { type, maxTokens: 7, overlapTokens: 7 },
    ];
    for (const strategy of strategies) expectSound(text, await chunkDocument(documentOf(text), { strategy }), 96);
  });

  it.each([...SIZED])('%s makes no chunk of nothing or white space', async (type) => {
    for (const text of ['', ' \n\t '.repeat(5000)]) {
      expect(await chunkDocument(documentOf(text), { strategy: { type, maxTokens: 100, overlapTokens: 50 } })).toEqual(
        [],
      );
    }
  });
});

describe('static', () => {
  const text = Array.from({ length: 1000 }, (_, index) => `w${index}`).join(' ');

  it('fills each chunk and repeats as much as was asked for', async () => {
    const chunks = await chunkDocument(documentOf(text), {
      strategy: { type: 'static', maxTokens: 200, overlapTokens: 100 },
    });
    for (const [index, chunk] of chunks.slice(0, -2).entries()) {
      expect(chunk.tokens).toBeGreaterThan(196);
      const next = chunks[index + 1];
      const repeated = text.slice(next?.start, chunk.end).split(' ').length;
      expect(repeated).toBeGreaterThan(30);
    }
  });

  it('keeps a short document whole', async () => {
    const chunks = await chunkDocument(documentOf('Short.'), {
      strategy: { type: 'static', maxTokens: 800, overlapTokens: 400 },
    });
    expect(chunks).toEqual([{ index: 0, text: 'Short.', start: 0, end: 6, tokens: 2, page: null, headings: [] }]);
  });
});

it('tells page and headings of where a chunk begins', async () => {
  const [first, second] = ['one two three four. '.repeat(40), 'five six seven eight. '.repeat(40)];
  const text = `${first}\n\n${second}`;
  const sections: DocumentSection[] = [
    { start: 0, end: first.length + 2, page: 1, headings: ['A'], kind: 'prose' },
    { start: first.length + 2, end: text.length, page: 2, headings: ['A', 'B'], kind: 'prose' },
  ];
  const chunks = await chunkDocument(documentOf(text, sections), {
    strategy: { type: 'recursive', maxTokens: 100, overlapTokens: 0 },
  });
  for (const chunk of chunks) {
    const expected = chunk.start < first.length + 2 ? sections[0] : sections[1];
    expect([chunk.page, chunk.headings]).toEqual([expected?.page, expected?.headings]);
  }
  expect(new Set(chunks.map(({ page }) => page))).toEqual(new Set([1, 2]));
});

describe('sentence', () => {
  it('cuts between sentences only, where they fit', async () => {
    const text = 'Dr. Smith of Fig. 3 met J. Doe at 3.14 p.m. in town. She said "No." They left! '.repeat(60);
    const chunks = await chunkDocument(documentOf(text), {
      strategy: { type: 'sentence', maxTokens: 120, overlapTokens: 40 },
    });
    expect(chunks.length).toBeGreaterThan(5);
    for (const chunk of chunks) {
      expect(chunk.text).toMatch(/^(Dr\. Smith|She|They)/);
      expect(chunk.text).toMatch(/(town\.|"No\."|left!)$/);
    }
  });
});

describe('markdown', () => {
  it('begins chunks at headings and keeps a listing whole', async () => {
    const listing = `\`\`\`\n${'some code line\n\n'.repeat(15)}\`\`\`\n`;
    const parts = Array.from(
      { length: 6 },
      (_, index) => `# Part ${index}\n\n${'Words of prose. '.repeat(12)}\n\n${listing}`,
    );
    const text = parts.join('');
    const sections: DocumentSection[] = [];
    let start = 0;
    for (const [index, part] of parts.entries()) {
      const fence = start + part.indexOf('```');
      const end = start + part.length;
      sections.push({ start, end: fence, page: null, headings: [`Part ${index}`], kind: 'prose' });
      sections.push({ start: fence, end, page: null, headings: [`Part ${index}`], kind: 'code' });
      start = end;
    }
    const chunks = await chunkDocument(documentOf(text, sections), {
      strategy: { type: 'markdown', maxTokens: 150, overlapTokens: 75 },
    });
    expect(chunks.map((chunk) => chunk.text.startsWith('# Part'))).toEqual(chunks.map(() => true));
    expect(chunks).toHaveLength(6);
  });
});

describe('code', () => {
  it('cuts between definitions', async () => {
    const body = Array.from({ length: 8 }, (_, line) => `    value_${line} = compute(${line})`).join('\n');
    const text = Array.from({ length: 20 }, (_, index) => `def function_${index}():\n${body}\n\n`).join('\n');
    const chunks = await chunkDocument(documentOf(text), {
      strategy: { type: 'code', maxTokens: 200, overlapTokens: 100 },
    });
    for (const chunk of chunks) expect(chunk.text).toMatch(/^def function_/);
  });
});

describe('semantic', () => {
  const cats = 'Cats purr and sleep in the sun all day long. '.repeat(20);
  const ships = 'Ships carry heavy cargo over the cold northern sea. '.repeat(20);
  const text = `${cats}\n\n${ships}\n\n${cats}`;
  const strategy: ChunkingStrategy = { type: 'semantic', maxTokens: 600, breakpointPercentile: 70 };
  const embed = (texts: readonly string[]): Promise<Float32Array[]> =>
    Promise.resolve(texts.map((one) => Float32Array.of(Number(one.includes('Cats')), Number(one.includes('Ships')))));

  it('cuts where the subject changes', async () => {
    const chunks = await chunkDocument(documentOf(text), { strategy, embed });
    expectSound(text, chunks, 600);
    expect(chunks.map((chunk) => chunk.text.slice(0, 4))).toEqual(['Cats', 'Ship', 'Cats']);
    for (const chunk of chunks) expect(chunk.text.includes('Cats') && chunk.text.includes('Ships')).toBe(false);
  });

  it('needs no embeddings to be sound', async () => {
    expectSound(text, await chunkDocument(documentOf(text), { strategy }), 600);
  });

  it('is sound over random texts', async () => {
    for (let seed = 0; seed < 8; seed += 1) {
      const random = randomText(seed);
      expectSound(random, await chunkDocument(documentOf(random), { strategy, embed }), 600);
    }
  });

  it('tells what embedding threw', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('no model'));
    await expect(chunkDocument(documentOf(text), { strategy, embed: broken })).rejects.toThrow('no model');
  });
});

describe('the event loop', () => {
  const file = readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8');
  const text = file.repeat(Math.ceil(4_000_000 / file.length));

  it.each([...SIZED])('is free while %s cuts four megabytes', async (type) => {
    const gaps: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      gaps.push(performance.now() - last);
      last = performance.now();
    }, 1);
    await chunkDocument(documentOf(text), { strategy: { type, maxTokens: 800, overlapTokens: 400 } });
    clearInterval(timer);
    expect(gaps.length).toBeGreaterThan(10);
    expect(gaps.sort((left, right) => left - right)[Math.floor(gaps.length * 0.9)]).toBeLessThan(50);
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const chunks = chunkDocument(documentOf(text), {
      strategy: { type: 'recursive', maxTokens: 100, overlapTokens: 50 },
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await expect(chunks).rejects.toThrow('enough');
  });
});
