import { newId, toAbortSignal } from '@libs/kernel';
import { parseJson } from '../json.js';
import { toModelError } from '../openai-compatible/transport-error.js';
import type { ChatDelta, ChatModel } from '../ports/chat-model.js';
import type { ModelError } from '../ports/model-error.js';
import type { ForwardRequest, ForwardSink } from '../ports/model-server.js';
import { ChunkWriter, CompletionBuilder, eventOf, type CompletionHead } from './completion-writer.js';
import { readChatRequest, type AskedCompletion } from './read-chat-request.js';

const MS_PER_SECOND = 1000;

/** Answers a chat completion of OpenAI's wire from a model that speaks another dialect. What fails before the answer began goes to `onError`. */
export async function forwardChat(
  chat: ChatModel,
  server: string,
  forwarded: ForwardRequest,
  sink: ForwardSink,
): Promise<void> {
  const { body, settings = {} } = forwarded;
  const signal = toAbortSignal(forwarded.signal);
  try {
    const asked = readChatRequest(parseJson(body.toString('utf8')));
    const { contextSize, keepAlive } = settings;
    const request = {
      ...asked.request,
      ...(contextSize !== undefined && { contextSize }),
      ...(keepAlive !== undefined && { keepAlive }),
    };
    // As on the byte path, another try is for whoever knows of other servers.
    const deltas = chat.stream(request, { signal, maxRetries: 0 });
    await (asked.stream ? sendStream(deltas, asked, sink, signal) : sendWhole(deltas, asked, sink));
  } catch (error) {
    sink.onError(toModelError(error, server, signal));
  }
}

function headOf({ request }: AskedCompletion): CompletionHead {
  return { id: newId('chatCompletion'), created: Math.floor(Date.now() / MS_PER_SECOND), model: request.model };
}

async function sendWhole(deltas: AsyncIterable<ChatDelta>, asked: AskedCompletion, sink: ForwardSink): Promise<void> {
  const completion = new CompletionBuilder(headOf(asked));
  for await (const delta of deltas) completion.add(delta);
  const body = Buffer.from(JSON.stringify(completion.build()));
  sink.onStart(200, { 'content-type': 'application/json', 'content-length': String(body.length) }, () => undefined);
  sink.onData(body);
  sink.onEnd();
}

async function sendStream(
  deltas: AsyncGenerator<ChatDelta> | AsyncIterable<ChatDelta>,
  asked: AskedCompletion,
  sink: ForwardSink,
  signal: AbortSignal,
): Promise<void> {
  const writer = new ChunkWriter(headOf(asked), asked.includeUsage);
  const out = new PausingSink(sink, signal);
  try {
    for await (const delta of deltas) {
      if (!out.hasBegun) await out.begin(writer.begin());
      await out.send(writer.write(delta));
    }
  } catch (error) {
    const failure = toModelError(error, '', signal);
    if (!out.hasBegun || failure.kind === 'aborted') throw failure;
    await out.send(eventOf(errorBody(failure)));
  }
  await out.send(writer.end());
  sink.onEnd();
}

/** For a stream whose status has gone out already: SDKs throw what stands in `error`. */
function errorBody({ message, details }: ModelError): unknown {
  const { param = null, code = null } = details;
  return { error: { message, type: 'server_error', param, code: code ?? 'model_server_error' } };
}

/** The sink, waited for where it asks for a pause. */
class PausingSink {
  hasBegun = false;
  #resume: () => void = () => undefined;

  constructor(
    private readonly sink: ForwardSink,
    private readonly signal: AbortSignal,
  ) {}

  async begin(text: string): Promise<void> {
    this.hasBegun = true;
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
    this.sink.onStart(200, headers, () => this.#resume());
    await this.send(text);
  }

  async send(text: string): Promise<void> {
    if (text === '' || this.sink.onData(Buffer.from(text)) || this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#resume = () => {
        this.signal.removeEventListener('abort', this.#resume);
        resolve();
      };
      this.signal.addEventListener('abort', this.#resume);
    });
  }
}
