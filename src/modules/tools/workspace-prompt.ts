import { fillPrompt, loadPrompt } from './prompt.js';

export interface PromptFile {
  name: string;
  bytes: number;
  /** How it is built, as JSON; empty or absent where nobody knows. */
  facts?: string;
}

const MOST_FILES_NAMED = 200;

/** What the model is told of the sandbox and its files. */
export function workspacePrompt(files: readonly PromptFile[]): string {
  const named = files.slice(0, MOST_FILES_NAMED).map(toLine);
  const rest = files.length - named.length;
  if (rest > 0) named.push(`- and ${rest} more`);
  return fillPrompt(loadPrompt('workspace'), { files: named.length === 0 ? '(none yet)' : named.join('\n') });
}

function toLine({ name, bytes, facts = '' }: PromptFile): string {
  return `- /mnt/data/${name} (${bytes} bytes)${facts === '' ? '' : `: ${facts}`}`;
}
