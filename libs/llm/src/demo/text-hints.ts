const QUOTED = /"([^"\n]{1,200})"|“([^”\n]{1,200})”|'([^'\n]{1,200})'(?!\w)/g;
const CAPITALISED = /(?<![.!?]\s+|^)\b\p{Lu}[\p{L}\d-]*(?:\s+\p{Lu}[\p{L}\d-]*)*/gu;
const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\d)/g;
/** Capitalised in English wherever they stand. */
const NOT_A_NAME = new Set(['I', "I'm", 'JSON', 'OK']);

const LONGEST_TEXT = 4000;

/** Values that a text offers for a tool's arguments. */
export interface TextHints {
  /** The whole text in lower case, to find the members of enumerations in it. */
  text: string;
  strings: string[];
  numbers: number[];
}

/** Quoted words, else capitalised words that do not begin a sentence; and all numbers. */
export function readHints(whole: string): TextHints {
  const text = whole.slice(0, LONGEST_TEXT);
  const quoted = [...text.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const names = (text.match(CAPITALISED) ?? []).filter((name) => !NOT_A_NAME.has(name));
  return {
    text: text.toLowerCase(),
    strings: quoted.length > 0 ? quoted : names,
    numbers: (text.match(NUMBER) ?? []).map(Number),
  };
}
