const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Lines end with \n; no NUL and no lone surrogate. */
export function cleanText(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const printable = lines.includes('\0') ? lines.replaceAll('\0', '') : lines;
  return printable.replace(LONE_SURROGATES, '\ufffd');
}
