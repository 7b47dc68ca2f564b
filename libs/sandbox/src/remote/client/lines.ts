import { LineSplitter } from '../../protocol/line-splitter.js';
import { parseFields, type Fields } from '../wire/checks.js';
import { WIRE_LIMITS } from '../wire/wire.js';
import { HostFailure } from './host-failure.js';
import { toFailure } from './host-link.js';

/** Empty lines say that the host lives, once in some seconds; more of them, or of junk, only cost time to look at. */
const MOST_VAIN_LINES = 10_000;

/**
 * The JSON lines of an answer. What is no JSON object, and lines that are too long, are passed over.
 * @param mostBytes A host that sends more is not believed any more.
 */
export async function* readLines(body: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Fields> {
  const splitter = new LineSplitter(WIRE_LIMITS.lineBytes);
  let bytes = 0;
  let vain = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new HostFailure('broken', 'The host sent too much.');
      for (const line of splitter.push(chunk)) {
        const fields = line.length === 0 ? undefined : parseOrSkip(line);
        if (fields !== undefined) yield fields;
        else vain += 1;
        if (vain > MOST_VAIN_LINES) throw new HostFailure('broken', 'The host sent too much.');
      }
    }
  } catch (error) {
    throw toFailure(error, 'The host');
  }
}

function parseOrSkip(line: Buffer): Fields | undefined {
  try {
    return parseFields(line);
  } catch {
    return undefined;
  }
}
