import { assertNever } from '@libs/kernel';
import type { Dispatcher } from 'undici';
import { parseJson } from '../json.js';
import type { ChatDelta } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { beginAnswer } from './answer-form.js';
import { readLimited } from './body.js';
import { decodedBody } from './decoded-body.js';
import { DeltaAssembler } from './delta-assembler.js';
import { mapErrorFrame } from './error-mapping.js';
import { DONE, readEventStream, type StreamEvent } from './event-stream.js';
import { isCut, streamCut } from './transport-error.js';

type Response = Pick<Dispatcher.ResponseData, 'body' | 'headers'>;

const LONGEST_JSON_BODY = 64 * 1024 * 1024;
/** For the end of a connection whose answer is all there: kept alive, it serves the next request. */
const LINGER_MS = 1000;

/** The deltas of an answer of OpenAI's dialect, streamed or not, whatever its headers say. Errors are ModelErrors or undici's. */
export async function* readAnswer(response: Response, signal: AbortSignal | undefined): AsyncGenerator<ChatDelta> {
  const { form, bytes } = await begun(response);
  switch (form) {
    case 'page':
      throw new ModelError('failed', 'The model server answered with a web page: its address seems to be wrong.');
    case 'json':
      yield* readWhole(bytes);
      return;
    case 'events':
      yield* readStream(bytes, response, signal);
      return;
    default:
      return assertNever(form);
  }
}

async function begun(response: Response): ReturnType<typeof beginAnswer> {
  try {
    return await beginAnswer(decodedBody(response));
  } catch (error) {
    throw isCut(error) ? streamCut(error) : error;
  }
}

/** Some servers answer in one piece although asked to stream. */
async function* readWhole(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ChatDelta> {
  const chunk = parseJson(await readLimited(bytes, LONGEST_JSON_BODY));
  if (chunk === undefined) throw new ModelError('failed', 'The model server sent an answer that is not JSON.');
  const assembler = new DeltaAssembler();
  yield* assembler.push(chunk);
  assembler.complete();
  yield* assembler.end();
}

async function* readStream(
  bytes: AsyncIterable<Uint8Array>,
  { body }: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatDelta> {
  const assembler = new DeltaAssembler();
  const events = readEventStream(bytes);
  let isDone = false;
  try {
    while (!isDone) {
      const next: IteratorResult<StreamEvent, unknown> = await events.next();
      if (next.done === true) break;
      isDone = next.value.data === DONE;
      if (!isDone) yield* assembler.push(readEvent(next.value));
    }
  } catch (error) {
    const isLoss = !assembler.finished || signal?.aborted === true;
    if (isLoss) throw isCut(error) ? streamCut(error) : error;
  } finally {
    if (isDone) void linger(events, body);
    else await events.return(undefined);
  }
  if (isDone) assembler.complete();
  yield* assembler.end();
}

/** Waits for the end of a stream that has nothing more to say. Some servers never end it. */
async function linger(events: AsyncIterator<StreamEvent>, body: Response['body']): Promise<void> {
  const timer = setTimeout(() => body.destroy(), LINGER_MS).unref();
  try {
    while ((await events.next()).done !== true);
  } catch {
    // The answer is there.
  } finally {
    clearTimeout(timer);
  }
}

function readEvent(event: StreamEvent): unknown {
  const chunk = parseJson(event.data);
  if (event.event === 'error') throw mapErrorFrame(chunk ?? event.data);
  if (chunk === undefined) throw new ModelError('failed', 'The model server sent an event that is not JSON.');
  return chunk;
}
