import { errorMessage } from '@libs/kernel';
import { numberOf } from '../json.js';
import type {
  CallOptions,
  ChatDelta,
  ChatModel,
  ChatRequest,
  FinishReason,
  ResponseFormat,
} from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { SERVER_BUSY } from '../routing/slots.js';
import { toHistory } from './chat-history.js';
import type { LoadedModel, Seat } from './loaded-model.js';
import type { HistoryItem, Llama } from './node-llama-cpp.js';

/** Answers of a model in this process. It knows no tools: the agent writes them into the prompt. */
export class GgufChat implements ChatModel {
  constructor(private readonly loaded: () => Promise<LoadedModel>) {}

  async *stream(request: ChatRequest, { signal }: CallOptions = {}): AsyncGenerator<ChatDelta> {
    if (signal?.aborted) throw aborted();
    const history = toHistory(request.messages);
    const model = await this.loaded();
    const seat = model.take();
    if (seat === undefined) {
      throw new ModelError('rate_limited', 'The model is busy.', { code: SERVER_BUSY, retryAfterMs: 1000 });
    }
    const left = new AbortController();
    const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
    const deltas = new DeltaQueue();
    const answering = answer(model, seat, { request, history, signal: stop }, deltas);
    try {
      yield* deltas.read();
      if (signal?.aborted) throw aborted();
    } finally {
      left.abort();
      await answering;
      model.release(seat);
    }
  }
}

interface Task {
  request: ChatRequest;
  history: HistoryItem[];
  signal: AbortSignal;
}

/** Never rejects: what goes wrong goes to the queue. */
async function answer(model: LoadedModel, seat: Seat, task: Task, deltas: DeltaQueue): Promise<void> {
  try {
    const { chat } = seat;
    const context = chat.chatWrapper.generateContextState({ chatHistory: task.history });
    const promptTokens = context.contextText.tokenize(model.model.tokenizer).length;
    const room = model.contextSize - promptTokens - 1;
    if (room < 1) throw tooLong(model.contextSize, promptTokens);
    let completionTokens = 0;
    const { metadata } = await chat.generateResponse(task.history, {
      ...(await optionsOf(model, task)),
      maxTokens: Math.min(task.request.maxTokens ?? room, room),
      onResponseChunk: ({ type, text, tokens }) => {
        completionTokens += tokens.length;
        if (text !== '') deltas.push({ type: type === 'segment' ? 'reasoning' : 'text', text });
      },
    });
    if (task.signal.aborted) throw aborted();
    deltas.push({ type: 'finish', reason: reasonOf(metadata.stopReason) });
    deltas.push({ type: 'usage', usage: { promptTokens, completionTokens, cachedTokens: 0, reasoningTokens: 0 } });
    deltas.end();
  } catch (error) {
    if (task.signal.aborted) return deltas.end(aborted());
    const message = `The model failed: ${errorMessage(error)}`;
    deltas.end(error instanceof ModelError ? error : new ModelError('failed', message, { status: 500, cause: error }));
  }
}

async function optionsOf(
  { llama }: LoadedModel,
  { request, signal }: Task,
): Promise<Omit<Parameters<Seat['chat']['generateResponse']>[1], 'maxTokens' | 'onResponseChunk'>> {
  const { temperature, topP, stop = [], responseFormat, extraBody = {} } = request;
  const seed = numberOf(extraBody['seed']);
  const grammar = await grammarOf(llama, responseFormat);
  return {
    signal,
    stopOnAbortSignal: true,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
    ...(stop.length > 0 && { customStopTriggers: [...stop] }),
    ...(grammar !== undefined && { grammar }),
  };
}

/** Undefined where any text will do. A schema that the library makes no grammar of is the request's fault. */
async function grammarOf(llama: Llama, format: ResponseFormat | undefined): Promise<unknown> {
  if (format?.type === 'json_object') return llama.getGrammarFor('json');
  if (format?.type !== 'json_schema') return undefined;
  const { schema } = format.json_schema;
  if (schema === undefined) return llama.getGrammarFor('json');
  try {
    return await llama.createGrammarForJsonSchema(schema);
  } catch (error) {
    const message = `The schema cannot be enforced: ${errorMessage(error)}`;
    throw new ModelError('rejected', message, { status: 400, param: 'response_format', code: 'invalid_value' });
  }
}

function reasonOf(stopReason: string): FinishReason {
  return stopReason === 'maxTokens' ? 'length' : 'stop';
}

function aborted(): ModelError {
  return new ModelError('aborted', 'The model call was aborted.');
}

function tooLong(contextSize: number, promptTokens: number): ModelError {
  const message = `This model's maximum context length is ${contextSize} tokens, and the messages have ${promptTokens}.`;
  return new ModelError('rejected', message, { status: 400, param: 'messages', code: 'context_length_exceeded' });
}

/** Deltas between a callback and who reads them. */
class DeltaQueue {
  readonly #waiting: ChatDelta[] = [];
  #isDone = false;
  #error: ModelError | undefined;
  #wake: () => void = () => undefined;

  push(delta: ChatDelta): void {
    this.#waiting.push(delta);
    this.#wake();
  }

  end(error?: ModelError): void {
    this.#isDone = true;
    this.#error = error;
    this.#wake();
  }

  async *read(): AsyncGenerator<ChatDelta> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift() as ChatDelta;
      if (this.#isDone) break;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
