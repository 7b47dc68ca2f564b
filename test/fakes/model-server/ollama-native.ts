import { CREATED, jsonAnswer, type NativeChat, type PlainAnswer } from './profile.js';
import { piecesOf, usageOf, type ScriptedRequestBody, type ScriptedToolCall, type ScriptedTurn } from './script.js';

export const OLLAMA_MODEL = 'qwen3:8b';

const CREATED_AT = new Date(CREATED * 1000).toISOString();
const DIGEST = 'sha256:500a1f067a9f782620b40bee6f7b0c89e17ae61f686b92c24933e4ca4b2b8b41';
const DETAILS = {
  parent_model: '',
  format: 'gguf',
  family: 'qwen3',
  families: ['qwen3'],
  parameter_size: '8.2B',
  quantization_level: 'Q4_K_M',
};

/** Ollama 0.12: api/types.go, and server/routes.go, ChatHandler and streamResponse. */
export const OLLAMA_NATIVE: NativeChat = {
  path: '/api/chat',
  contentType: 'application/x-ndjson',
  lines,
  whole,
  error: (_status, message) => ({ error: message }),
  unknownModel: (model) => ({ error: `model '${model}' not found` }),
  refuse: (body) =>
    typeof body.model === 'string' ? undefined : { status: 400, body: { error: 'model is required' } },
};

/** Thoughts, text, whole calls, and a last line without content that says how it ended and what it cost. */
function lines(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[] {
  const part = (message: object, more = {}): unknown => ({
    model: body.model,
    created_at: CREATED_AT,
    message: { role: 'assistant', content: '', ...message },
    done: false,
    ...more,
  });
  return [
    ...piecesOf(turn.reasoning ?? '', turn.chunkSize).map((thinking) => part({ thinking })),
    ...piecesOf(turn.text ?? '', turn.chunkSize).map((content) => part({ content })),
    // Each comes in a line of its own, and the index begins anew there.
    ...(turn.toolCalls ?? []).map((call) => part({ tool_calls: [toWireCall(call)] })),
    part({}, endOf(turn)),
  ];
}

/** There is no `tool_calls` among the reasons. */
function endOf(turn: ScriptedTurn): object {
  const { promptTokens, completionTokens } = usageOf(turn);
  const reason = turn.finishReason ?? 'stop';
  return {
    done_reason: reason === 'tool_calls' ? 'stop' : reason,
    done: true,
    total_duration: 4_883_583_458,
    load_duration: 1_334_875,
    ...(promptTokens > 0 && { prompt_eval_count: promptTokens }),
    prompt_eval_duration: 342_546_000,
    eval_count: completionTokens,
    eval_duration: 4_535_599_000,
  };
}

/** Arguments are an object; no ids before 0.12.10. */
function toWireCall({ name, arguments: given }: ScriptedToolCall): unknown {
  return { function: { index: 0, name, arguments: typeof given === 'string' ? (JSON.parse(given) as object) : given } };
}

function whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown {
  const calls = (turn.toolCalls ?? []).map(toWireCall);
  return {
    model: body.model,
    created_at: CREATED_AT,
    message: {
      role: 'assistant',
      content: turn.text ?? '',
      ...(turn.reasoning !== undefined && { thinking: turn.reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    ...endOf(turn),
  };
}

export function ollamaTags(): PlainAnswer {
  const model = { name: OLLAMA_MODEL, model: OLLAMA_MODEL, modified_at: '2024-01-01T00:00:00.123456789+00:00' };
  return jsonAnswer({ models: [{ ...model, size: 5_225_388_164, digest: DIGEST, details: DETAILS }] });
}

/** The model is loaded with a context of its own, for five minutes. */
export function ollamaRunning(): PlainAnswer {
  const model = { name: OLLAMA_MODEL, model: OLLAMA_MODEL, size: 6_654_289_920, digest: DIGEST, details: DETAILS };
  const expires_at = new Date(Date.now() + 300_000).toISOString();
  return jsonAnswer({ models: [{ ...model, expires_at, size_vram: 6_654_289_920, context_length: 32_768 }] });
}

/** What `POST /api/pull` writes. */
export function pullLines({ error }: ScriptedTurn): unknown[] {
  const layer = 'sha256:a3de86cd1c132c822487ededd47a324c50491393e6565cd14bafa40d0b8e686f';
  const status = `pulling ${layer.slice(7, 19)}`;
  if (error) {
    return [{ status: 'pulling manifest' }, { error: error.message ?? 'pull model manifest: file does not exist' }];
  }
  return [
    { status: 'pulling manifest' },
    { status, digest: layer, total: 5_225_374_496 },
    { status, digest: layer, total: 5_225_374_496, completed: 2_612_687_248 },
    { status, digest: layer, total: 5_225_374_496, completed: 5_225_374_496 },
    { status: 'verifying sha256 digest' },
    { status: 'writing manifest' },
    { status: 'success' },
  ];
}
