export const DEMO_MODEL_ID = 'threadmill-demo';

/** Every answer bears it: nobody shall take the program for a language model. */
export const DEMO_NOTE = '*Written by the Threadmill demo program, not a language model.*';

const LONGEST_QUOTE = 600;

/** An answer with the note below it. */
export function withNote(text: string): string {
  return `${text}\n\n${DEMO_NOTE}`;
}

/** Somebody else's text in a block that it cannot leave. */
export function quoteBlock(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const longestFence = Math.max(2, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longestFence + 1);
  return `${fence}\n${shown.trimEnd()}\n${fence}`;
}

/** Somebody else's line as a quotation. */
export function quoteLine(line: string): string {
  return `> ${inline(line)}`;
}

/** Somebody else's text within a line or a table's cell. */
export function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);
}
