/** The text with a mark in the place of each half of a character: what was cut by length may end in one, and readers refuse it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
