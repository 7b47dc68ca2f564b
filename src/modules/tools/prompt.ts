import { readFileSync } from 'node:fs';

export type PromptName =
  | 'code-interpreter'
  | 'code-interpreter-modules'
  | 'code-interpreter-no-modules'
  | 'code-interpreter-network'
  | 'code-interpreter-no-network'
  | 'workspace';

/** The text of a prompt file of this module, without its last line feed. */
export function loadPrompt(name: PromptName): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trimEnd();
}

/** Fills `{{name}}` places. Values are put in as they are: what they contain is never filled again. */
export function fillPrompt(prompt: string, values: Readonly<Record<string, string>>): string {
  return prompt.replace(/\{\{(\w+)\}\}/g, (place, name: string) => values[name] ?? place);
}
