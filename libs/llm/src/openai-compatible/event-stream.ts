import { createParser } from 'eventsource-parser';
import { ModelError } from '../ports/model-error.js';

/** One server-sent event of a model server. */
export interface StreamEvent {
  event?: string;
  data: string;
}

/** Most characters that may arrive without completing an event. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * The events in a byte stream. A last event that lacks its blank line is given out too. Old llama.cpp
 * servers write errors as a field of their own (`error: {...}`), which comes out as an `error` event.
 * Throws a ModelError when an event grows beyond all bounds, and whatever the stream throws.
 */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let ready: StreamEvent[] = [];
  let pending = 0;
  const parser = createParser({
    onEvent: ({ event, data }) => ready.push(event === undefined ? { data } : { event, data }),
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
