import { randomBytes } from 'node:crypto';
import { vllmEmbeddings, vllmRerank } from './embeddings.js';
import { chunk, CREATED, jsonAnswer, type Profile } from './profile.js';
import {
  argumentsText,
  brokenArguments,
  finishReasonOf,
  piecesOf,
  usageOf,
  type ScriptedRequestBody,
  type ScriptedToolCall,
  type ScriptedTurn,
} from './script.js';

const MODEL = 'Qwen/Qwen3-8B';
const MAX_MODEL_LENGTH = 32_768;

/**
 * vLLM 0.11: vllm/entrypoints/openai (api_server.py, chat_completion/serving.py, engine/protocol.py, serve/tokenize)
 * with the hermes tool parser and the qwen3 reasoning parser.
 */
export const VLLM_PROFILE: Profile = {
  name: 'vllm',
  model: MODEL,
  checksModel: true,
  routes: {
    'GET /health': () => ({ status: 200, contentType: 'text/plain', body: '' }),
    'GET /version': () => jsonAnswer({ version: '0.11.0' }),
    'GET /v1/models': () => jsonAnswer({ object: 'list', data: [MODEL_CARD] }),
    'POST /tokenize': (body) => jsonAnswer(tokenize(body)),
    'POST /v1/embeddings': vllmEmbeddings,
    'POST /v1/rerank': vllmRerank,
  },
  frames,
  whole,
  error,
  unknownModel: (model) => ({
    error: { message: `The model \`${model}\` does not exist.`, type: 'NotFoundError', param: 'model', code: 404 },
  }),
  refuse,
};

const MODEL_CARD = {
  id: MODEL,
  object: 'model',
  created: CREATED,
  owned_by: 'vllm',
  root: MODEL,
  parent: null,
  max_model_len: MAX_MODEL_LENGTH,
  permission: [
    {
      id: 'modelperm-00000000000000000000000000000000',
      object: 'model_permission',
      created: CREATED,
      allow_create_engine: false,
      allow_sampling: true,
      allow_logprobs: true,
      allow_search_indices: false,
      allow_view: true,
      allow_fine_tuning: false,
      organization: '*',
      group: null,
      is_blocking: false,
    },
  ],
};

const ERROR_TYPES: Record<number, string> = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  500: 'InternalServerError',
};

function error(status: number, message: string): unknown {
  return { error: { message, type: ERROR_TYPES[status] ?? 'InternalServerError', param: null, code: status } };
}

function refuse(body: Partial<ScriptedRequestBody>): { status: number; body: unknown } | undefined {
  if (!Array.isArray(body.messages)) {
    const message = "[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required', 'input': {}}]";
    return { status: 400, body: { error: { message, type: 'Bad Request', param: null, code: 400 } } };
  }
  if (body.stream_options !== undefined && body.stream !== true) {
    return { status: 400, body: error(400, 'Stream options can only be defined when `stream=True`.') };
  }
  // _postprocess_messages of vllm/entrypoints/chat_utils.py parses them for the chat template.
  const problem = brokenArguments(body);
  return problem === undefined ? undefined : { status: 400, body: error(400, problem) };
}

/** One token a word of the prompt or the messages: enough for whoever only counts. */
function tokenize(body: unknown): unknown {
  const { prompt, messages = [] } = body as { prompt?: string; messages?: { content?: unknown }[] };
  const text = prompt ?? JSON.stringify(messages.map(({ content }) => content));
  const count = (text.match(/\w+/g) ?? []).length;
  const tokens = Array.from({ length: count }, (_, index) => index);
  return { count, max_model_len: MAX_MODEL_LENGTH, tokens, token_strs: null };
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function frames(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[] {
  const envelope = { id: `chatcmpl-${hex(16)}`, object: 'chat.completion.chunk', created: CREATED, model: body.model };
  const part = (delta: unknown, finish: string | null = null, more = {}): unknown =>
    chunk(envelope, delta, finish, { logprobs: null, ...more });
  const usage =
    body.stream_options?.include_usage === true ? [{ ...envelope, choices: [], usage: wireUsage(turn) }] : [];
  return [
    part({ role: 'assistant', content: '' }),
    ...piecesOf(turn.reasoning ?? '', turn.chunkSize).map((text) => part({ reasoning: text, reasoning_content: text })),
    ...piecesOf(turn.text ?? '', turn.chunkSize).map((text) => part({ content: text })),
    ...(turn.toolCalls ?? []).flatMap((call, index) => toolCallDeltas(call, index).map((delta) => part(delta))),
    part({ content: '' }, finishReasonOf(turn), { stop_reason: null }),
    ...usage,
  ];
}

function toolCallDeltas(call: ScriptedToolCall, index: number): unknown[] {
  const start = { id: `chatcmpl-tool-${hex(16)}`, type: 'function', index, function: { name: call.name } };
  const fragments = piecesOf(argumentsText(call), 12).map((text) => ({ index, function: { arguments: text } }));
  return [start, ...fragments].map((toolCall) => ({ tool_calls: [toolCall] }));
}

function whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown {
  const calls = (turn.toolCalls ?? []).map((call) => ({
    id: `chatcmpl-tool-${hex(16)}`,
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  }));
  return {
    id: `chatcmpl-${hex(16)}`,
    object: 'chat.completion',
    created: CREATED,
    model: body.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: calls,
          reasoning_content: turn.reasoning ?? null,
        },
        logprobs: null,
        finish_reason: finishReasonOf(turn),
        stop_reason: null,
      },
    ],
    usage: wireUsage(turn),
    prompt_logprobs: null,
    kv_transfer_params: null,
  };
}

function wireUsage(turn: ScriptedTurn): unknown {
  const { promptTokens, completionTokens, cachedTokens } = usageOf(turn);
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    ...(cachedTokens > 0 && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
