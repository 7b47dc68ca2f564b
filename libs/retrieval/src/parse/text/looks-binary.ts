const SAMPLE_LENGTH = 16_384;
const CONTROLS = /[\x01-\x06\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]/g;
const MOST_CONTROLS = 0.05;
const MOST_NULS = 0.3;

/** Whether what was decoded as text is something else: text has hardly any control characters. */
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, SAMPLE_LENGTH);
  const controls = sample.match(CONTROLS)?.length ?? 0;
  const nuls = sample.split('\0').length - 1;
  return controls > sample.length * MOST_CONTROLS || nuls > sample.length * MOST_NULS;
}
