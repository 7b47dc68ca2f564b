import { randomBytes } from 'node:crypto';
import { llamacppEmbeddings, llamacppRerank } from './embeddings.js';
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

const MODEL = 'qwen3-8b-q4_k_m.gguf';
const ERROR_TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  500: 'server_error',
  503: 'unavailable_error',
};

/** llama.cpp's llama-server with --jinja: tools/server/server-task.cpp, server-common.cpp and its README. */
export const LLAMACPP_PROFILE: Profile = {
  name: 'llamacpp',
  model: MODEL,
  checksModel: false,
  routes: {
    'GET /health': () => jsonAnswer({ status: 'ok' }),
    'GET /v1/models': () => jsonAnswer({ models: [{ name: MODEL, model: MODEL }], object: 'list', data: [MODEL_CARD] }),
    'GET /props': () => jsonAnswer(PROPS),
    'GET /slots': () => jsonAnswer([slot(0, false), slot(1, false)]),
    'POST /tokenize': () => jsonAnswer({ tokens: [1, 2, 3] }),
    'POST /v1/embeddings': llamacppEmbeddings,
    'POST /v1/rerank': llamacppRerank,
  },
  frames,
  whole,
  error,
  unknownModel: (model) => error(404, `model '${model}' not found`),
  refuse: (body) => {
    if (!Array.isArray(body.messages)) return { status: 400, body: error(400, "'messages' is required") };
    const message = 'Failed to parse tool call arguments as JSON';
    return brokenArguments(body) === undefined ? undefined : { status: 500, body: error(500, message) };
  },
};

const MODEL_CARD = {
  id: MODEL,
  object: 'model',
  created: CREATED,
  owned_by: 'llamacpp',
  meta: {
    vocab_type: 2,
    n_vocab: 151_936,
    n_ctx_train: 40_960,
    n_embd: 4096,
    n_params: 8_190_735_360,
    size: 5_027_783_488,
  },
};

/** The server was started with `-c 8192` and two slots; requests share nothing of them. */
const PROPS = {
  default_generation_settings: { id: 0, id_task: -1, n_ctx: 4096, speculative: false, is_processing: false },
  total_slots: 2,
  model_path: `/models/${MODEL}`,
  chat_template: '{{ messages }}',
  modalities: { vision: false, audio: false },
  build_info: 'b6900-0123456',
};

function slot(id: number, isProcessing: boolean): unknown {
  return { id, id_task: -1, n_ctx: 4096, speculative: false, is_processing: isProcessing, params: {}, next_token: [] };
}

function error(status: number, message: string): unknown {
  return { error: { code: status, message, type: ERROR_TYPES[status] ?? 'server_error' } };
}

function envelopeOf(body: ScriptedRequestBody, object: string): Record<string, unknown> {
  return { created: CREATED, id: `chatcmpl-${randomBytes(16).toString('base64url')}`, model: body.model, object };
}

/** The first fragment of a call bears its id, name and the beginning of the arguments; `timings` stand at the end. */
function frames(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[] {
  const envelope = { ...envelopeOf(body, 'chat.completion.chunk'), system_fingerprint: 'b6900-0123456' };
  const part = (delta: unknown, finish: string | null = null): unknown => chunk(envelope, delta, finish);
  const end = part({}, finishReasonOf(turn)) as Record<string, unknown>;
  const timings = { prompt_n: 12, prompt_ms: 20.5, predicted_n: 7, predicted_ms: 70.25 };
  const wantsUsage = body.stream_options?.include_usage === true;
  return [
    part({ role: 'assistant', content: null }),
    ...piecesOf(turn.reasoning ?? '', turn.chunkSize).map((text) => part({ reasoning_content: text })),
    ...piecesOf(turn.text ?? '', turn.chunkSize).map((text) => part({ content: text })),
    ...(turn.toolCalls ?? []).flatMap((call, index) => toolCallDeltas(call, index).map((delta) => part(delta))),
    ...(wantsUsage ? [end, { ...envelope, choices: [], usage: wireUsage(turn), timings }] : [{ ...end, timings }]),
  ];
}

function toolCallDeltas(call: ScriptedToolCall, index: number): unknown[] {
  const [first = '', ...rest] = piecesOf(argumentsText(call), 8);
  const id = randomBytes(24).toString('base64url');
  const start = { index, id, type: 'function', function: { name: call.name, arguments: first } };
  const fragments = rest.map((text) => ({ index, function: { arguments: text } }));
  return [start, ...fragments].map((toolCall) => ({ tool_calls: [toolCall] }));
}

function whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown {
  const calls = (turn.toolCalls ?? []).map((call) => ({
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
    id: randomBytes(24).toString('base64url'),
  }));
  const message = {
    role: 'assistant',
    content: turn.text ?? null,
    ...(turn.reasoning !== undefined && { reasoning_content: turn.reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    choices: [{ finish_reason: finishReasonOf(turn), index: 0, message }],
    ...envelopeOf(body, 'chat.completion'),
    usage: wireUsage(turn),
  };
}

function wireUsage(turn: ScriptedTurn): unknown {
  const { promptTokens, completionTokens } = usageOf(turn);
  return {
    completion_tokens: completionTokens,
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
