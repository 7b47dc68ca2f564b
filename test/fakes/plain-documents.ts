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

/** A chunk for each line; where it is to be by sense, neighbours with equal embeddings are one. */
export const chunkByLines: ChunkDocument = async ({ text }, { strategy, embed, signal }) => {
  const lines = text.split('\n');
  const vectors = strategy.type === 'semantic' ? await embed?.(lines, signal) : undefined;
  const chunks: Chunk[] = [];
  let start = 0;
  lines.forEach((line, index) => {
    const end = start + line.length;
    const last = chunks.at(-1);
    if (last !== undefined && vectors !== undefined && isEqual(vectors[index - 1], vectors[index])) {
      Object.assign(last, { end, text: text.slice(last.start, end) });
    } else if (line !== '') {
      chunks.push({ index: chunks.length, start, end, tokens: 1, page: null, headings: [], text: line });
    }
    start = end + 1;
  });
  return chunks;
};

function isEqual(one: Float32Array | undefined, other: Float32Array | undefined): boolean {
  return one?.join() === other?.join();
}
