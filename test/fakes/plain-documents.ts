import { readFile } from 'node:fs/promises';
import {
  UnreadableDocumentError,
  type Chunk,
  type ChunkDocument,
  type DocumentParser,
  type ParsedDocument,
} from '@libs/retrieval';

/** Reads every file as UTF-8: for tests of what stands around a parser. */
export class PlainDocumentParser implements DocumentParser {
  /** Called with the text before it is given; what it throws is the parser's error. */
  whileParsing: (text: string, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();

  async parse({ path, filename, signal }: Parameters<DocumentParser['parse']>[0]): Promise<ParsedDocument> {
    const text = await readFile(path, 'utf8');
    if (filename.endsWith('.bin')) throw new UnreadableDocumentError('unsupported_file', 'This is not a document.');
    await this.whileParsing(text, signal);
    signal?.throwIfAborted();
    const lines = text.split('\n').length;
    return {
      text,
      sections: [{ start: 0, end: text.length, page: null, headings: [], kind: 'prose' }],
      metadata: { lines },
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A chunk for each line. */
export const chunkByLines: ChunkDocument = ({ text }) => {
  const chunks: Chunk[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    if (line !== '') {
      const place = { index: chunks.length, start, end, tokens: 1, page: null, headings: [] };
      chunks.push({ ...place, text: line });
    }
    start = end + 1;
  }
  return Promise.resolve(chunks);
};
