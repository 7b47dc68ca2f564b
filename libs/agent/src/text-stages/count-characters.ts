const LOW_SURROGATE = /[\uDC00-\uDFFF]/g;

/**
 * Unicode's code points, which OpenAI's indexes count: Python's strings are made of them, JavaScript's are not. The
 * sum of the parts is the count of the whole, also where a part ends between two surrogates.
 */
export function countCharacters(text: string): number {
  return text.length - (text.match(LOW_SURROGATE)?.length ?? 0);
}
