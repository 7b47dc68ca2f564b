import { createParser } from 'eventsource-parser';
import { isObject, parseJson } from '../json.js';
import { ModelError } from '../ports/model-error.js';

/** What ends a stream, in the place of an event's data. */
export const DONE = '[DONE]';

/** One server-sent event of a model server. */
export interface StreamEvent {
  event?: string;
  data: string;
}

/** Most characters that may arrive without completing an event. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * The events in a byte stream. A last event that lacks its blank line is given out too, and so are the lines of an event
 * one by one where each is an answer's chunk, as some proxies lose the blank lines. Signs of life are left out: events
 * without data, and those of other names than an answer's. Old llama.cpp servers write errors as a field of their own
 * (`error: {...}`), which comes out as an `error` event.
 * Throws a ModelError when an event grows beyond all bounds, and whatever the stream throws.
 */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let ready: StreamEvent[] = [];
  let pending = 0;
  const parser = createParser({
    onEvent: (event) => ready.push(...readEvent(event)),
    onError: (problem) => {
      if (problem.field === 'error') ready.push({ event: 'error', data: problem.value ?? '' });
    },
  });
  for await (const chunk of bytes) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (ready.length === 0) pending += chunk.length;
    if (pending > LONGEST_EVENT) throw new ModelError('failed', 'The model server sent an event of more than 16 MiB.');
    if (ready.length > 0) {
      const events = ready;
      ready = [];
      pending = 0;
      yield* events;
    }
  }
  parser.feed(`${decoder.decode()}\n\n`);
  yield* ready;
}

/** Names under which chunks and errors come; OpenAI's stream gives none. */
const NAMES: ReadonlySet<string | undefined> = new Set([
  undefined,
  '',
  'message',
  'error',
  'data',
  'chunk',
  'completion',
]);

function readEvent({ event, data }: StreamEvent): StreamEvent[] {
  if (data.trim() === '' || (!NAMES.has(event) && parseJson(data) === undefined)) return [];
  if (event === 'error') return [{ event, data }];
  const lines = data.includes('\n') ? data.split('\n').filter((line) => line.trim() !== '') : [];
  const areEvents = lines.length > 1 && lines.every((line) => line.trim() === DONE || isObject(parseJson(line)));
  return areEvents ? lines.map((line) => ({ data: line.trim() })) : [{ data: data.trim() }];
}
