import { errorCode, errorMessage } from '@libs/kernel';
import { request } from 'undici';
import { WebSearchError } from './web-search.js';

export interface EngineRequest {
  /** As the errors name it. */
  engine: string;
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

const TIME_LIMIT_MS = 15_000;
const LARGEST_ANSWER = 4 * 1024 * 1024;

/** The JSON that a search engine answers. Throws WebSearchError. */
export async function askEngine({ engine, url, signal, ...rest }: EngineRequest): Promise<unknown> {
  const timeout = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const answer = await request(url, { ...rest, signal: AbortSignal.any([signal, timeout]) });
    const body = await readBounded(engine, answer.body);
    if (answer.statusCode !== 200) throw new WebSearchError(`${engine} answered with status ${answer.statusCode}.`);
    return parse(engine, body);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WebSearchError) throw error;
    if (timeout.aborted) throw new WebSearchError(`${engine} did not answer in time.`);
    throw new WebSearchError(`${engine} does not answer (${errorCode(error) ?? errorMessage(error)}).`, {
      cause: error,
    });
  }
}

async function readBounded(engine: string, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER) throw new WebSearchError(`${engine}'s answer is too large.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(engine: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WebSearchError(`${engine} did not answer in JSON.`, { cause: error });
  }
}
