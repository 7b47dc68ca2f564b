import { isObject, numberOf, type JsonObject } from '../json.js';
import type { ChatRequest, ResponseFormat } from '../ports/chat-model.js';
import { toOllamaMessages } from './chat-messages.js';
import type { OllamaOptions } from './ollama-options.js';
import { thinkOf, type ThoughtControl } from './thought-control.js';

/**
 * Sampling of OpenAI's dialect and its usual extensions that has the same name among Ollama's options. What decides how
 * a model is loaded (`num_ctx`, `num_gpu`, …) is not: whoever may set that, reloads the model under everyone else.
 */
const SAMPLING = [
  'seed',
  'top_k',
  'min_p',
  'typical_p',
  'repeat_last_n',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
] as const;

/**
 * The body of `POST /api/chat` (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion).
 * Throws ModelError 'rejected' for messages that it has no place for.
 */
export function toOllamaBody(request: ChatRequest, server: OllamaOptions, thought: ThoughtControl): JsonObject {
  const tools = toolsOf(request);
  const format = formatOf(request.responseFormat);
  const think = thinkOf(request, thought);
  const keepAlive = request.keepAlive ?? server.keepAlive;
  return {
    model: request.model,
    messages: toOllamaMessages(request.messages),
    stream: true,
    ...(tools.length > 0 && { tools }),
    ...(format !== undefined && { format }),
    ...(think !== undefined && { think }),
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
    options: optionsOf(request, server),
  };
}

function optionsOf(request: ChatRequest, server: OllamaOptions): JsonObject {
  const { extraBody = {}, temperature, topP, maxTokens, stop } = request;
  const given = isObject(extraBody['options']) ? { ...extraBody['options'], ...extraBody } : extraBody;
  const contextSize = request.contextSize ?? server.contextSize;
  return {
    ...Object.fromEntries(SAMPLING.flatMap((name) => (isGiven(given[name]) ? [[name, given[name]]] : []))),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { num_predict: maxTokens }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(contextSize !== undefined && { num_ctx: contextSize }),
  };
}

function isGiven(value: unknown): boolean {
  return numberOf(value) !== undefined;
}

/** There is no `tool_choice`: what is left of it is which tools the model is told of. */
function toolsOf({ tools = [], toolChoice }: ChatRequest): JsonObject[] {
  if (toolChoice === 'none') return [];
  const named = typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.function.name) : tools;
  return named.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description: description ?? '', parameters: parameters ?? { type: 'object', properties: {} } },
  }));
}

function formatOf(format: ResponseFormat | undefined): unknown {
  if (format?.type === 'json_object') return 'json';
  return format?.type === 'json_schema' ? (format.json_schema.schema ?? 'json') : undefined;
}
