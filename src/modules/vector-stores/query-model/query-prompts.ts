import { readFileSync } from 'node:fs';

function load(name: 'rewrite' | 'variants' | 'rank'): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}

export const REWRITE_PROMPT = load('rewrite');
export const VARIANTS_PROMPT = load('variants');
export const RANK_PROMPT = load('rank');
