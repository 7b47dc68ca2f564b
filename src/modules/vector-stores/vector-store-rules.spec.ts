import { RecognitionUnavailableError, UnreadableDocumentError } from '@libs/retrieval';
import { fileNotFound, WireError } from '@libs/openai-wire';
import { toChunking, toWireChunking } from './chunking.js';
import { MarkdownChunkingDto, SemanticChunkingDto, StaticChunkingDto } from './dto/chunking-strategy.dto.js';
import { attributesProblem } from './dto/attributes.js';
import { filterProblem, toFilter } from './dto/search-filter.js';
import { batchStatusOf } from './file-batch-state.js';
import { toKeptMetadata } from './ingestion/document-metadata.js';
import { endOf, MOST_TRIES } from './ingestion/ingestion-end.js';
import { pollAfterMs } from './poll-after.js';
import { piecesOf } from './store-files.service.js';
import { addUp } from './store-usage.js';
import { expiryOf, statusOf } from './vector-store-state.js';
import type { FileCounts } from './vector-stores.types.js';

const NOW = new Date('2026-01-01T12:00:00Z');
const counts = (some: Partial<FileCounts>): FileCounts => ({
  in_progress: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  ...some,
});

describe('the status of a store', () => {
  it.each([
    [null, {}, 'completed'],
    [null, { completed: 2, failed: 1 }, 'completed'],
    [null, { completed: 2, in_progress: 1 }, 'in_progress'],
    [NOW, { in_progress: 1 }, 'expired'],
    [new Date(NOW.getTime() + 1), {}, 'completed'],
  ] as const)('until %s with %j is %s at noon', (expiresAt, some, status) => {
    expect(statusOf({ expiresAt }, counts(some), NOW)).toBe(status);
  });

  it('expires so many days after the last activity', () => {
    expect(expiryOf(7, NOW)).toEqual(new Date('2026-01-08T12:00:00Z'));
    expect(expiryOf(null, NOW)).toBeNull();
  });
});

describe('the status of a batch', () => {
  it.each([
    [null, { in_progress: 1, failed: 5 }, 'in_progress'],
    [null, { completed: 1, failed: 5 }, 'completed'],
    [null, { failed: 5 }, 'failed'],
    [null, {}, 'completed'],
    [NOW, { completed: 3, cancelled: 1 }, 'cancelled'],
  ] as const)('cancelled at %s with %j is %s', (cancelledAt, some, status) => {
    expect(batchStatusOf({ cancelledAt }, counts(some))).toBe(status);
  });
});

describe('when to ask again for files that are on their way', () => {
  it.each([
    ['soon for one that has just come', 0, 1, 100],
    ['later for many', 0, 60, 600],
    ['later for one that takes its time', 5000, 1, 500],
    ['at last every two seconds', 600_000, 2000, 2000],
    ['soon where clocks differ', -10_000, 0, 100],
  ])('%s', (_, ageMs, waiting, expected) => {
    expect(pollAfterMs(new Date(NOW.getTime() - ageMs), waiting, NOW)).toBe(expected);
  });
});

describe('what files add up to', () => {
  it('is of each group, and of one without files nothing', () => {
    const usages = addUp(
      ['a', 'b'],
      [
        { groupId: 'a', status: 'completed', files: 1, bytes: 10, progress: 100 },
        { groupId: 'a', status: 'in_progress', files: 2, bytes: 0, progress: 50 },
      ],
    );
    expect(usages.get('a')).toEqual({ counts: counts({ completed: 1, in_progress: 2 }), bytes: 10, progress: 50 });
    expect(usages.get('b')).toEqual({ counts: counts({}), bytes: 0, progress: 100 });
  });
});

describe('chunking', () => {
  it('is 800 and 400 tokens where nothing is said', () => {
    expect(toWireChunking(toChunking(undefined))).toEqual({
      type: 'static',
      static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 },
    });
  });

  it.each([
    [Object.assign(new MarkdownChunkingDto(), {}), { type: 'markdown', maxTokens: 800, overlapTokens: 400 }],
    [
      Object.assign(new MarkdownChunkingDto(), { markdown: { max_chunk_size_tokens: 101 } }),
      { type: 'markdown', maxTokens: 101, overlapTokens: 50 },
    ],
    [
      Object.assign(new SemanticChunkingDto(), { semantic: { breakpoint_percentile: 80 } }),
      { type: 'semantic', maxTokens: 800, breakpointPercentile: 80 },
    ],
  ])('of %j is %j', (dto, chunking) => {
    expect(toChunking(dto)).toEqual(chunking);
  });

  it('takes an overlap of half of the size, and none longer', () => {
    const dto = (overlap: number): StaticChunkingDto =>
      Object.assign(new StaticChunkingDto(), {
        static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: overlap },
      });
    expect(toChunking(dto(100))).toEqual({ type: 'static', maxTokens: 200, overlapTokens: 100 });
    expect(() => toChunking(dto(101))).toThrow(WireError);
  });
});

describe('attributes', () => {
  it.each([
    [{ a: 'x', b: 1, c: true }, null],
    [{ a: 'x'.repeat(513) }, 'string_above_max_length'],
    [{ ['k'.repeat(65)]: 1 }, 'string_above_max_length'],
    [{ a: null }, 'invalid_type'],
    [{ a: { b: 1 } }, 'invalid_type'],
    [Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 1])), 'object_above_max_properties'],
    [JSON.parse('{"__proto__": 1}'), 'invalid_value'],
    [[], 'invalid_type'],
  ])('%j: %s', (value, code) => {
    expect(attributesProblem(value)?.code ?? null).toBe(code);
  });
});

describe('filters', () => {
  const equal = { type: 'eq', key: 'a', value: 1 };

  it.each([
    [equal, null],
    [{ type: 'or', filters: [equal, { type: 'in', key: 'b', value: ['x', 2] }] }, null],
    [{ type: 'gt', key: 'a', value: true }, 'invalid_type'],
    [{ type: 'nin', key: 'a', value: [true] }, 'invalid_type'],
    [{ type: 'and', filters: [] }, 'array_below_min_length'],
    [{ type: 'and', filters: Array.from({ length: 256 }, () => equal) }, 'invalid_value'],
    [{ ...equal, also: 1 }, 'unknown_parameter'],
    [{ key: 'a', value: 1 }, 'missing_required_parameter'],
    ['a = 1', 'invalid_type'],
  ])('%j: %s', (value, code) => {
    expect(filterProblem(value)?.code ?? null).toBe(code);
  });

  it('come out as they went in', () => {
    const filter = { type: 'and', filters: [equal, { type: 'or', filters: [{ type: 'in', key: 'b', value: [1] }] }] };
    expect(toFilter(filter)).toEqual(filter);
  });
});

describe('the end of an ingestion that threw', () => {
  it.each([
    [
      new UnreadableDocumentError('unsupported_file', 'No.'),
      1,
      { type: 'failed', error: { code: 'unsupported_file', message: 'No.' } },
    ],
    [new UnreadableDocumentError('server_error', 'No room.', { mayPass: true }), 4, { type: 'again', delayMs: 16_000 }],
    [
      new UnreadableDocumentError('server_error', 'No room.', { mayPass: true }),
      MOST_TRIES,
      { type: 'failed', error: { code: 'server_error', message: 'No room.' } },
    ],
    [fileNotFound('file-a'), 1, { type: 'failed', error: { code: 'invalid_file' } }],
    [new Error('away'), 1, { type: 'again', delayMs: 2000 }],
    [new Error('away'), 3, { type: 'again', delayMs: 8000 }],
    [new Error('away'), MOST_TRIES, { type: 'failed', error: { code: 'server_error' } }],
    [new RecognitionUnavailableError('Not now.'), 1, { type: 'again', delayMs: 2000 }],
    [
      new RecognitionUnavailableError('Not now.'),
      MOST_TRIES,
      { type: 'failed', error: { code: 'server_error', message: 'Not now.' } },
    ],
  ])('%s at try %i', (error, tries, end) => {
    expect(endOf(error, tries)).toMatchObject(end);
  });
});

describe('the content of a file', () => {
  it('is told once where chunks overlap', () => {
    const text = 'abcdefghij';
    const chunk = (start: number, end: number) => ({ start, end, text: text.slice(start, end) });
    expect(piecesOf([chunk(0, 4), chunk(2, 6), chunk(3, 5), chunk(6, 10)])).toEqual(['abcd', 'ef', 'ghij']);
  });
});

describe('metadata of documents', () => {
  it('is kept as far as there is room, in what Postgres takes', () => {
    const kept = toKeptMetadata({ title: 'a\u0000b\ud800', huge: 'x'.repeat(20_000), pages: 3 });
    expect(kept).toEqual({ title: 'a\ufffdb\ufffd', pages: 3 });
  });
});
