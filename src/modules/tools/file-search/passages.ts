import type { FoundPassage } from '@libs/agent';
import type { StoreSearchHit } from '../../vector-stores/index.js';

/** OpenAI's own budget of one search. */
const MOST_TOKENS = 16_000;
/** A context is there for the conversation and for other searches, too. */
const CONTEXT_SHARE = 0.35;

/** Tokens of passages that one search may bring. */
export function tokenBudget(contextSize: number | undefined): number {
  return Math.min(MOST_TOKENS, Math.floor((contextSize ?? Infinity) * CONTEXT_SHARE));
}

/**
 * The best hits that fit, each passage once: stores may have files in common, and files their texts. The best one fits
 * always.
 */
export function chooseHits(hits: readonly StoreSearchHit[], mostTokens: number): StoreSearchHit[] {
  const chosen = new Map<string, StoreSearchHit>();
  const texts = new Set<string>();
  let tokens = 0;
  for (const hit of hits) {
    const name = passageName(hit);
    if (chosen.has(name) || texts.has(hit.chunk.text)) continue;
    tokens += hit.chunk.tokens;
    if (tokens > mostTokens && chosen.size > 0) break;
    chosen.set(name, hit);
    texts.add(hit.chunk.text);
  }
  return [...chosen.values()];
}

/** Those that a model's context has room for. @param contextSize undefined where nobody knows */
export function fittingHits(hits: readonly StoreSearchHit[], contextSize: number | undefined): StoreSearchHit[] {
  return chooseHits(hits, tokenBudget(contextSize));
}

export function toPassage(hit: StoreSearchHit): FoundPassage {
  const { fileId, filename, score, attributes, chunk } = hit;
  const { page, headings, text } = chunk;
  return { fileId, filename, score, attributes, page, headings, text, passage: passageName(hit) };
}

function passageName({ fileId, chunk }: StoreSearchHit): string {
  return `${fileId}:${chunk.start}-${chunk.end}`;
}
