/** What a tool gives the model, bounded: the rest is left out and said to be. Halves of surrogate pairs are no text. */
export function cutResult(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest).replace(/[\uD800-\uDBFF]$/u, '');
  return `${kept}\n… (${text.length - kept.length} further characters left out)`;
}
