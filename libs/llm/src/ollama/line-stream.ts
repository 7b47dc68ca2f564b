import { StringDecoder } from 'node:string_decoder';
import { parseJson } from '../json.js';
import { ModelError } from '../ports/model-error.js';

/** Most characters of one line. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The JSON of each line in a byte stream (application/x-ndjson). Throws ModelError 'failed' for what is none. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new ModelError('failed', 'The model server sent a line of more than 16 MiB.');
    for (const line of lines) if (line.trim() !== '') yield readLine(line);
  }
  rest += decoder.end();
  if (rest.trim() !== '') yield readLine(rest);
}

function readLine(line: string): unknown {
  const value = parseJson(line);
  if (value === undefined) throw new ModelError('failed', 'The model server sent a line that is not JSON.');
  return value;
}
