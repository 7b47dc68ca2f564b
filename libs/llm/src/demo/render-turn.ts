import { newId } from '@libs/kernel';
import type { ChatDelta, ChatRequest, FinishReason, TokenUsage } from '../ports/chat-model.js';
import type { Turn } from './decide.js';

/** The estimate by which the demo program counts: four characters make a token, in every language. */
const CHARACTERS_PER_TOKEN = 4;
const WORDS = /\S+\s*|\s+/gu;
/** By code points: half of a surrogate pair would be lost on the wire. */
const ARGUMENT_PIECES = /[\s\S]{1,48}/gu;

/** Tokens in a text by the estimate above, rounded up. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** The deltas of a turn, word by word, within the limits that the request sets. */
export function* renderTurn(turn: Turn, request: ChatRequest): Generator<ChatDelta> {
  const text = cutAtStop(turn.text, request.stop ?? []);
  const budget = new Budget(request.maxTokens);
  for (const piece of text.match(WORDS) ?? []) {
    const taken = budget.take(piece);
    if (taken !== '') yield { type: 'text', text: taken };
    if (budget.isSpent) break;
  }
  const wasStopped = text.length < turn.text.length;
  const calls = wasStopped || budget.isSpent ? [] : turn.calls;
  for (const [index, call] of calls.entries()) yield* renderCall(call, index, budget);
  yield { type: 'finish', reason: finishReason(budget, calls.length > 0) };
  yield { type: 'usage', usage: countUsage(request, budget.used) };
}

function* renderCall(call: Turn['calls'][number], index: number, budget: Budget): Generator<ChatDelta> {
  if (budget.isSpent) return;
  yield { type: 'tool-call-start', index, id: newId('toolCall'), name: call.name };
  for (const piece of call.arguments.match(ARGUMENT_PIECES) ?? []) {
    const fragment = budget.take(piece);
    if (fragment !== '') yield { type: 'tool-call-arguments', index, fragment };
    if (budget.isSpent) return;
  }
}

function cutAtStop(text: string, stops: readonly string[]): string {
  const places = stops.filter((stop) => stop !== '').map((stop) => text.indexOf(stop));
  const first = Math.min(...places.filter((place) => place >= 0), text.length);
  return text.slice(0, first);
}

function finishReason(budget: Budget, hasCalls: boolean): FinishReason {
  if (budget.isSpent) return 'length';
  return hasCalls ? 'tool_calls' : 'stop';
}

function countUsage(request: ChatRequest, written: string): TokenUsage {
  const asked = JSON.stringify(request.messages) + JSON.stringify(request.tools ?? []);
  return {
    promptTokens: estimateTokens(asked),
    completionTokens: estimateTokens(written),
    cachedTokens: 0,
    reasoningTokens: 0,
  };
}

/** How much may still be written. It is spent only when something had to be left out. */
class Budget {
  readonly #characters: number;
  used = '';
  isSpent = false;

  constructor(maxTokens: number | undefined) {
    this.#characters = (maxTokens ?? Infinity) * CHARACTERS_PER_TOKEN;
  }

  take(piece: string): string {
    const left = this.#characters - this.used.length;
    this.isSpent = piece.length > left;
    const taken = this.isSpent ? piece.slice(0, left).replace(/\p{Surrogate}$/u, '') : piece;
    this.used += taken;
    return taken;
  }
}
