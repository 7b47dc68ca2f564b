import { O200kTokenCounter } from '@libs/llm';
import type { ChunkDocument } from '../ports/chunk.js';
import { cutBy } from './cut-by-strategy.js';
import { makeChunks } from './make-chunks.js';
import { MeasuredText } from './measured-text.js';
import { yieldOften } from './yield-often.js';

/** One for the process: its table is large, and its thread ends when nobody chunks for a minute. */
const counter = new O200kTokenCounter();

/**
 * Cuts a document by the strategy. A chunk takes at most `maxTokens`, except that pieces of up to 32 characters are never
 * cut: from 100 tokens up, OpenAI's least, that makes no difference. Overlaps are held to half of `maxTokens`. Every
 * character that is not white space is in a chunk.
 *
 * @throws the signal's reason, and what `embed` throws
 */
export const chunkDocument: ChunkDocument = async (document, { strategy, embed, signal }) => {
  signal?.throwIfAborted();
  const measured = new MeasuredText(document.text, await counter.measure(document.text));
  signal?.throwIfAborted();
  const breathe = yieldOften(signal);
  const cuts = await cutBy(strategy, { measured, sections: document.sections, embed, signal, breathe });
  return makeChunks(measured, cuts, document.sections);
};
