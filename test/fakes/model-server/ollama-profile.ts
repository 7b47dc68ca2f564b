import { randomBytes } from 'node:crypto';
import { ollamaEmbed, ollamaOpenAiEmbeddings } from './embeddings.js';
import { OLLAMA_MODEL, OLLAMA_NATIVE, ollamaRunning, ollamaTags } from './ollama-native.js';
import { chunk, CREATED, jsonAnswer, type Profile } from './profile.js';
import {
  argumentsText,
  finishReasonOf,
  piecesOf,
  usageOf,
  type ScriptedRequestBody,
  type ScriptedToolCall,
  type ScriptedTurn,
} from './script.js';

const MODEL = OLLAMA_MODEL;
const ERROR_TYPES: Record<number, string> = { 400: 'invalid_request_error', 404: 'not_found_error' };

/** Ollama 0.12: openai/openai.go and middleware/openai.go. */
export const OLLAMA_PROFILE: Profile = {
  name: 'ollama',
  model: MODEL,
  checksModel: true,
  routes: {
    'GET /': () => ({ status: 200, contentType: 'text/plain; charset=utf-8', body: 'Ollama is running' }),
    'GET /api/version': () => jsonAnswer({ version: '0.12.6' }),
    'GET /v1/models': () =>
      jsonAnswer({ object: 'list', data: [{ id: MODEL, object: 'model', created: CREATED, owned_by: 'library' }] }),
    'GET /api/tags': ollamaTags,
    'GET /api/ps': ollamaRunning,
    'POST /api/show': () => jsonAnswer(SHOWN),
    'POST /api/embed': ollamaEmbed,
    'POST /v1/embeddings': ollamaOpenAiEmbeddings,
  },
  native: OLLAMA_NATIVE,
  frames,
  whole,
  error,
  unknownModel: (model) => error(404, `model "${model}" not found, try pulling it first`),
  refuse: (body) =>
    Array.isArray(body.messages) && body.messages.length > 0
      ? undefined
      : { status: 400, body: error(400, "[] is too short - 'messages'") },
};

/** Of a model whose Modelfile says `PARAMETER num_ctx 16384`. */
const SHOWN = {
  license: 'Apache License 2.0',
  modelfile: 'FROM qwen3:8b\nPARAMETER num_ctx 16384\n',
  parameters: 'num_ctx                        16384\nstop                           "<|im_end|>"',
  template: '{{ .Prompt }}',
  details: { parent_model: '', format: 'gguf', family: 'qwen3', families: ['qwen3'], parameter_size: '8.2B' },
  model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
  capabilities: ['completion', 'tools', 'thinking'],
};

function error(status: number, message: string): unknown {
  return { error: { message, type: ERROR_TYPES[status] ?? 'api_error', param: null, code: null } };
}

function envelopeOf(body: ScriptedRequestBody, object: string): Record<string, unknown> {
  const id = `chatcmpl-${randomBytes(2).readUInt16BE()}`;
  return { id, object, created: CREATED, model: body.model, system_fingerprint: 'fp_ollama' };
}

/** Every delta bears the role, and a tool call comes whole. */
function frames(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[] {
  const envelope = envelopeOf(body, 'chat.completion.chunk');
  const part = (delta: object, finish: string | null = null): unknown =>
    chunk(envelope, { role: 'assistant', content: '', ...delta }, finish);
  const calls = (turn.toolCalls ?? []).map(toWireCall);
  const usage =
    body.stream_options?.include_usage === true ? [{ ...envelope, choices: [], usage: wireUsage(turn) }] : [];
  return [
    ...piecesOf(turn.reasoning ?? '', turn.chunkSize).map((text) => part({ reasoning: text })),
    ...piecesOf(turn.text ?? '', turn.chunkSize).map((text) => part({ content: text })),
    ...calls.map((call) => part({ tool_calls: [call] })),
    part({}, finishReasonOf(turn)),
    ...usage,
  ];
}

function toWireCall(call: ScriptedToolCall, index: number): unknown {
  return {
    id: `call_${randomBytes(4).toString('hex')}`,
    index,
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  };
}

function whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown {
  const calls = (turn.toolCalls ?? []).map(toWireCall);
  const message = {
    role: 'assistant',
    content: turn.text ?? '',
    ...(turn.reasoning !== undefined && { reasoning: turn.reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...envelopeOf(body, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finishReasonOf(turn) }],
    usage: wireUsage(turn),
  };
}

function wireUsage(turn: ScriptedTurn): unknown {
  const { promptTokens, completionTokens } = usageOf(turn);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
