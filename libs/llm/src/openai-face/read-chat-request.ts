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
  'functions',
  'function_call',
]);

/**
 * Reads the body of `POST /v1/chat/completions`. Throws ModelError 'rejected' for what is no such body, and for what one
 * answer of a ChatModel cannot give.
 */
export function readChatRequest(body: unknown): AskedCompletion {
  if (!isObject(body)) throw rejected('The request body must be a JSON object.', null);
  if ((numberOf(body['n']) ?? 1) > 1) throw rejected('One choice is given for a request.', 'n');
  if (body['logprobs'] === true) throw rejected('No log probabilities are given.', 'logprobs');
  const streamOptions = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    request: {
      model: textOf(body['model']) ?? '',
      messages: readMessages(body['messages']),
      ...toolsOf(body),
      ...samplingOf(body),
      // OpenAI's null is "not asked for".
      extraBody: Object.fromEntries(Object.entries(body).filter(([name, value]) => !READ.has(name) && value !== null)),
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
  const toolChoice = readToolChoice(body['tool_choice']);
  const parallel = body['parallel_tool_calls'];
  return {
    ...(tools.length > 0 && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(typeof parallel === 'boolean' && { parallelToolCalls: parallel }),
  };
}

function readToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'none' || value === 'auto' || value === 'required') return value;
  const name = isObject(value) && isObject(value['function']) ? textOf(value['function']['name']) : undefined;
  if (name !== undefined) return { type: 'function', function: { name } };
  const message = "Invalid value for 'tool_choice': expected 'none', 'auto', 'required', or a function by its name.";
  throw rejected(message, 'tool_choice');
}

function readMessages(value: unknown): ChatMessage[] {
  if (!Array.isArray(value)) throw rejected("Missing required parameter: 'messages'.", 'messages');
  for (const [index, message] of (value as unknown[]).entries()) {
    const problem = isObject(message) ? problemOf(message) : '';
    if (problem !== undefined) {
      throw rejected(`Invalid value for 'messages[${index}]${problem}'.`, `messages[${index}]${problem}`);
    }
  }
  return value as ChatMessage[];
}

/** Where in a message something stands that nobody can read. */
function problemOf({ content, tool_calls: calls }: JsonObject): string | undefined {
  const isReadable = (content ?? '') === '' || typeof content === 'string' || isListOfObjects(content);
  if (!isReadable) return '.content';
  return calls === undefined || calls === null || isListOfObjects(calls) ? undefined : '.tool_calls';
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function readResponseFormat(value: unknown): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw rejected("Invalid type for 'response_format': expected an object.", 'response_format');
  if (value['type'] !== 'json_schema') return value as unknown as ResponseFormat;
  const described = value['json_schema'];
  if (isObject(described) && (described['schema'] === undefined || isObject(described['schema']))) {
    return value as unknown as ResponseFormat;
  }
  throw rejected(
    "Invalid value for 'response_format.json_schema': expected an object with a schema.",
    'response_format',
  );
}

function samplingOf(body: JsonObject): Partial<ChatRequest> {
  const temperature = numberOf(body['temperature']);
  const topP = numberOf(body['top_p']);
  const maxTokens = numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']);
  const stop = typeof body['stop'] === 'string' ? [body['stop']] : body['stop'];
  const responseFormat = readResponseFormat(body['response_format']);
  const reasoningEffort = textOf(body['reasoning_effort']);
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(Array.isArray(stop) && { stop: stop.filter((each): each is string => typeof each === 'string') }),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(reasoningEffort !== undefined && { reasoningEffort }),
  };
}

function rejected(message: string, param: string | null): ModelError {
  return new ModelError('rejected', message, { status: 400, param, code: 'invalid_value' });
}
