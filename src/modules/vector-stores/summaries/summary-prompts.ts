import { readFileSync } from 'node:fs';

function load(name: 'document' | 'part' | 'merge'): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}

export const DOCUMENT_PROMPT = load('document');
export const PART_PROMPT = load('part');
export const MERGE_PROMPT = load('merge');
