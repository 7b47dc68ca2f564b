import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  RecognitionUnavailableError,
  TikaRecogniser,
  UnreadableDocumentError,
  type ParsedDocument,
  type TikaOptions,
} from '@libs/retrieval';
import { ImitationTika, type TikaAnswer } from '../../fakes/text-recognition/imitation-tika.js';

describe('text recognition by Tika', () => {
  const tika = new ImitationTika();
  let folder: string;
  let path: string;
  beforeAll(async () => {
    await tika.start();
    folder = await mkdtemp(join(tmpdir(), 'threadmill-ocr-'));
    path = join(folder, 'file');
    await writeFile(path, 'the bytes of a scan');
  });
  afterAll(async () => {
    await tika.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function recognise(
    answer: TikaAnswer,
    options: Partial<TikaOptions> = {},
    signal?: AbortSignal,
  ): Promise<ParsedDocument> {
    tika.answer = answer;
    const recogniser = new TikaRecogniser({ url: `${tika.url}/`, timeLimitMs: 10_000, ...options });
    return recogniser.recognise({ path, filename: '../../etc/passwd', signal });
  }

  it('sends the file, and what is wanted, and no name', async () => {
    tika.requests.length = 0;
    await recognise({ pages: ['One'] }, { languages: 'eng+deu' });
    expect(tika.requests).toMatchObject([
      {
        method: 'PUT',
        path: '/tika',
        headers: {
          accept: 'text/html',
          'content-length': '19',
          'x-tika-pdfocrstrategy': 'ocr_only',
          'x-tika-ocrlanguage': 'eng+deu',
          'x-tika-ocrtimeoutseconds': '10',
        },
      },
    ]);
    expect(tika.requests[0]?.body.toString()).toBe('the bytes of a scan');
    expect(JSON.stringify(tika.requests[0]?.headers)).not.toContain('passwd');
  });

  it('keeps pages', async () => {
    const { text, sections, metadata } = await recognise({ pages: ['The first page.', '', 'The third & last.'] });
    expect(sections.map(({ page, start, end }) => [page, text.slice(start, end).trim()])).toEqual([
      [1, 'The first page.'],
      [3, 'The third & last.'],
    ]);
    expect(metadata).toEqual({ category: 'document', text_recognition: true, pages: 3 });
  });

  it('reads images, which have none', async () => {
    const { text, sections } = await recognise({ image: 'NO ENTRY' });
    expect([text.trim(), sections[0]?.page]).toEqual(['NO ENTRY', null]);
  });

  it.each<[string, TikaAnswer, Partial<TikaOptions>, string, RegExp]>([
    ['a file that it cannot read', { status: 422 }, {}, 'invalid_file', /could not read the file \(status 422\)/],
    ['no text', { pages: ['', ' '] }, {}, 'invalid_file', /found no text/],
    ['no content', { status: 204 }, {}, 'invalid_file', /found no text/],
    ['a large file', { pages: ['a'] }, { maxFileBytes: 18 }, 'invalid_file', /larger than 0 MiB/],
    ['an answer without end', { raw: endless() }, { maxAnswerBytes: 1e6 }, 'invalid_file', /more text than is allowed/],
    ['silence', { silent: true }, { timeLimitMs: 200 }, 'server_error', /took longer than 1 seconds/],
  ])('says so of %s', async (_, answer, options, reason, message) => {
    const error: unknown = await recognise(answer, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableDocumentError);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(message) });
  });

  it.each<[string, TikaAnswer, Partial<TikaOptions>]>([
    ['is starting', { status: 503 }, {}],
    ['broke', { status: 500, body: 'java.lang.OutOfMemoryError' }, {}],
    ['has too much to do', { status: 429 }, {}],
    ['sends somewhere else', { status: 302 }, {}],
    ['is away', { pages: [] }, { url: 'http://127.0.0.1:9' }],
  ])('may be asked again where it %s', async (_, answer, options) => {
    const error: unknown = await recognise(answer, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RecognitionUnavailableError);
    expect(String(error)).not.toContain('java');
  });

  it('stops where the work does', async () => {
    const reason = new Error('enough');
    const work = recognise({ silent: true }, {}, AbortSignal.timeout(100)).catch((thrown: unknown) => thrown);
    expect(await work).toMatchObject({ name: 'TimeoutError' });
    await expect(recognise({ silent: true }, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

function* endless(): Iterable<string> {
  for (let count = 0; count < 100; count += 1) yield '<p>more and more</p>'.repeat(1000);
}
