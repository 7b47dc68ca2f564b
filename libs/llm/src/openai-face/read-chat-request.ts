import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import type { ChatMessage, ChatRequest, FunctionDefinition, ResponseFormat, ToolChoice } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';

/** A chat completion as OpenAI's clients ask for it. */
export interface AskedCompletion {
  request: ChatRequest;
  stream: boolean;
  includeUsage: boolean;
}

/** What has a place of its own in a ChatRequest, or none at all behind it. */
const READ = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'response_format',
  'reasoning_effort',
  'stream',
  'stream_options',
  'n',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'user',
]);

/**
 * Reads the body of `POST /v1/chat/completions`. Throws ModelError 'rejected' for what is no such body, and for what one
 * answer of a ChatModel cannot give.
 */
export function readChatRequest(body: unknown): AskedCompletion {
  if (!isObject(body)) throw rejected('The request body must be a JSON object.', null);
  if (!Array.isArray(body['messages'])) throw rejected("Missing required parameter: 'messages'.", 'messages');
  if ((numberOf(body['n']) ?? 1) > 1) throw rejected('The model server gives one choice for a request.', 'n');
  if (body['logprobs'] === true) throw rejected('The model server gives no log probabilities.', 'logprobs');
  const streamOptions = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    request: {
      model: textOf(body['model']) ?? '',
      messages: body['messages'] as ChatMessage[],
      ...toolsOf(body),
      ...samplingOf(body),
      extraBody: Object.fromEntries(Object.entries(body).filter(([name]) => !READ.has(name))),
    },
    stream: body['stream'] === true,
    includeUsage: streamOptions['include_usage'] === true,
  };
}

function toolsOf(body: JsonObject): Partial<ChatRequest> {
  const listed: unknown[] = Array.isArray(body['tools']) ? body['tools'] : [];
  const tools = listed.flatMap((tool) => {
    const definition = isObject(tool) ? tool['function'] : undefined;
    return isObject(definition) && textOf(definition['name']) !== undefined
      ? [definition as unknown as FunctionDefinition]
      : [];
  });
  const choice = body['tool_choice'];
  const parallel = body['parallel_tool_calls'];
  return {
    ...(tools.length > 0 && { tools }),
    ...(isChoice(choice) && { toolChoice: choice }),
    ...(typeof parallel === 'boolean' && { parallelToolCalls: parallel }),
  };
}

function isChoice(value: unknown): value is ToolChoice {
  if (value === 'none' || value === 'auto' || value === 'required') return true;
  return isObject(value) && isObject(value['function']) && textOf(value['function']['name']) !== undefined;
}

function samplingOf(body: JsonObject): Partial<ChatRequest> {
  const temperature = numberOf(body['temperature']);
  const topP = numberOf(body['top_p']);
  const maxTokens = numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']);
  const stop = typeof body['stop'] === 'string' ? [body['stop']] : body['stop'];
  const format = body['response_format'];
  const reasoningEffort = textOf(body['reasoning_effort']);
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(Array.isArray(stop) && { stop: stop.filter((each): each is string => typeof each === 'string') }),
    ...(isObject(format) && { responseFormat: format as unknown as ResponseFormat }),
    ...(reasoningEffort !== undefined && { reasoningEffort }),
  };
}

function rejected(message: string, param: string | null): ModelError {
  return new ModelError('rejected', message, { status: 400, param, code: 'invalid_value' });
}
