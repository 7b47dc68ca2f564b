const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A host's own words, fit for pages, terminals and logs. */
export function printable(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll(UNPRINTABLE, '\ufffd');
}
