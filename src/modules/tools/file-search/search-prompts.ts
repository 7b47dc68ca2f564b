import { readFileSync } from 'node:fs';
import { fillPrompt } from '../prompt.js';

type PromptName = 'description' | 'citing' | 'looking-up' | 'grounded' | 'refusal' | 'nothing-found';

function load(name: PromptName): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}

export const DESCRIPTION = load('description');
export const NOTHING_FOUND = load('nothing-found');
/** What is said instead of an answer where a grounded assistant found nothing. */
export const REFUSAL = load('refusal');
const CITING = load('citing');
const LOOKING_UP = load('looking-up');
const GROUNDED = fillPrompt(load('grounded'), { refusal: REFUSAL });

/** What the model is told of searching. */
export function searchPrompt({ cites, isGrounded }: { cites: boolean; isGrounded: boolean }): string {
  return [cites ? CITING : LOOKING_UP, ...(isGrounded ? [GROUNDED] : [])].join('\n\n');
}
