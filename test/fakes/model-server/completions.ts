import { randomBytes } from 'node:crypto';
import { CREATED } from './profile.js';
import { finishReasonOf, piecesOf, usageOf, type ScriptedRequestBody, type ScriptedTurn } from './script.js';

function envelopeOf({ model }: ScriptedRequestBody): Record<string, unknown> {
  return { id: `cmpl-${randomBytes(16).toString('hex')}`, object: 'text_completion', created: CREATED, model };
}

function wireUsage(turn: ScriptedTurn): unknown {
  const { promptTokens: prompt_tokens, completionTokens: completion_tokens } = usageOf(turn);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The frames of `POST /v1/completions`, which all servers write alike. */
export function completionFrames(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[] {
  const envelope = envelopeOf(body);
  const part = (text: string, finish: string | null = null): unknown => ({
    ...envelope,
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
  });
  const usage =
    body.stream_options?.include_usage === true ? [{ ...envelope, choices: [], usage: wireUsage(turn) }] : [];
  return [
    ...piecesOf(turn.text ?? '', turn.chunkSize).map((text) => part(text)),
    part('', finishReasonOf(turn)),
    ...usage,
  ];
}

export function wholeCompletion(turn: ScriptedTurn, body: ScriptedRequestBody): unknown {
  const choice = { index: 0, text: turn.text ?? '', logprobs: null, finish_reason: finishReasonOf(turn) };
  return { ...envelopeOf(body), choices: [choice], usage: wireUsage(turn) };
}
