import type { ScriptedRequestBody, ScriptedTurn } from './script.js';

export interface PlainAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** How one kind of model server writes what it means. */
export interface Profile {
  readonly name: ProfileName;
  readonly model: string;
  /** Whether it refuses models that it does not have. llama.cpp serves its one model under any name. */
  readonly checksModel: boolean;
  /** Other paths than the chat completions, by method and path. */
  readonly routes: Record<string, (body: unknown) => PlainAnswer>;
  /** A chat interface besides OpenAI's. */
  readonly native?: NativeChat;
  /** The JSON of each frame of a stream, in order. */
  frames(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[];
  /** The body of an answer in one piece. */
  whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown;
  error(status: number, message: string): unknown;
  unknownModel(model: string): unknown;
  /** The refusal of a body that cannot be served, or undefined. */
  refuse(body: Partial<ScriptedRequestBody>): { status: number; body: unknown } | undefined;
}

/** A chat interface of a server's own: one JSON object in each line. */
export interface NativeChat {
  readonly path: string;
  readonly contentType: string;
  /** The JSON of each line of a stream. */
  lines(turn: ScriptedTurn, body: ScriptedRequestBody): unknown[];
  whole(turn: ScriptedTurn, body: ScriptedRequestBody): unknown;
  error(status: number, message: string): unknown;
  unknownModel(model: string): unknown;
  refuse(body: Partial<ScriptedRequestBody>): { status: number; body: unknown } | undefined;
}

export type ProfileName = 'vllm' | 'ollama' | 'llamacpp';

/** 2024-01-01, so that recorded answers repeat. */
export const CREATED = 1_704_067_200;

export function jsonAnswer(body: unknown, status = 200): PlainAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}

/** A chunk's envelope around its one choice. */
export function chunk(
  envelope: Record<string, unknown>,
  delta: unknown,
  finishReason: string | null,
  more = {},
): unknown {
  return { ...envelope, choices: [{ index: 0, delta, ...more, finish_reason: finishReason }] };
}
