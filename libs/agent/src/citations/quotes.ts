/** Shorter ones stand in any text by chance. */
const LEAST_CHARACTERS = 8;

/** Whether the words stand in the text, whatever becomes of spaces, case, quotation marks and dashes on the way. */
export function containsQuote(text: string, quote: string): boolean {
  const wanted = normalise(quote);
  return wanted.length >= LEAST_CHARACTERS && normalise(text).includes(wanted);
}

function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’‚‛′`´]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/…/g, '...')
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'.]+|[\s"'.]+$/g, '');
}
