import { readFileSync } from 'node:fs';

/** The text of a prompt file of the agent, without its last line feed. */
export function loadPrompt(name: 'repair-answer'): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}
