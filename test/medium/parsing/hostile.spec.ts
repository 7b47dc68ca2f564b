import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentParser, UnreadableDocumentError, type ParsedDocument } from '@libs/retrieval';
import { afterAll, describe, expect, it } from '@jest/globals';
import { hostileFiles } from '../../builders/documents/hostile-files.js';

const TIME_LIMIT_MS = 30_000;
/** A process needs time to start, and a killed one to be replaced, also on a busy machine. */
const PATIENCE_MS = 4 * TIME_LIMIT_MS;

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const parser = createDocumentParser({ processes: 1, timeLimitMs: TIME_LIMIT_MS });
afterAll(async () => {
  await parser.close();
  rmSync(folder, { recursive: true });
});

async function parse(filename: string, content: Buffer | string): Promise<ParsedDocument> {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return parser.parse({ path, filename });
}

function expectSound({ text, sections }: ParsedDocument): void {
  expect(text.trim()).not.toBe('');
  expect(text).not.toMatch(/[\0\r\p{Surrogate}]/u);
  expect(sections[0]?.start).toBe(0);
  expect(sections.at(-1)?.end).toBe(text.length);
}

describe('hostile files', () => {
  it.each(hostileFiles())(
    '$what',
    async ({ filename, content, refusal }) => {
      const outcome = await parse(filename, content).catch((error: unknown) => error as Error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(UnreadableDocumentError);
        expect(outcome.message).toMatch(refusal ?? /^it should have been read/);
      } else {
        expect(refusal).toBeNull();
        expectSound(outcome);
      }
      expect((await parse('next.txt', 'The next file.')).text).toBe('The next file.');
    },
    PATIENCE_MS,
  );
});
