import { isUtf8 } from 'node:buffer';
import chardet from 'chardet';
import iconv from 'iconv-lite';

export interface DecodedText {
  text: string;
  /** As iconv-lite names it, in lower case. */
  encoding: string;
}

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const LATIN_NUL_SHARE = 0.25;
const ANY_NUL_SHARE = 0.01;
const SAMPLE_BYTES = 65_536;
const DECLARATION = /(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})/i;
/** So few bytes have no statistics. */
const LEAST_STATISTICS = 32;
const DECLARATION_BYTES = 1024;
/** Bytes of every value mean something in it, and Western files without a mark mostly are in it. */
const LAST_RESORT = 'windows-1252';

/** Text of bytes whose encoding nobody told: by mark, by form, by what it declares of itself, by statistics. */
export function decodeText(bytes: Buffer): DecodedText {
  const encoding = encodingOf(bytes);
  const text = encoding === 'utf-8' ? bytes.toString('utf8') : iconv.decode(bytes, encoding);
  return { text: text.startsWith('\ufeff') ? text.slice(1) : text, encoding };
}

function encodingOf(bytes: Buffer): string {
  return markedEncoding(bytes) ?? wideEncoding(bytes) ?? (isUtf8(bytes) ? 'utf-8' : narrowEncoding(bytes));
}

function markedEncoding(bytes: Buffer): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}

/** UTF-16 without a mark: its line ends and spaces have NULs, all on one side. */
function wideEncoding(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const nuls = [0, 0];
  for (let index = sample.indexOf(0); index !== -1; index = sample.indexOf(0, index + 1)) {
    nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = nuls;
  // Where the bytes would be UTF-8 as well, NULs must be as many as those of Western text.
  const least = isUtf8(sample) ? LATIN_NUL_SHARE : ANY_NUL_SHARE;
  if (even + odd < sample.length * least) return undefined;
  if (even * 20 < odd) return 'utf-16le';
  return odd * 20 < even ? 'utf-16be' : undefined;
}

function narrowEncoding(bytes: Buffer): string {
  const [, declared = ''] = DECLARATION.exec(bytes.toString('latin1', 0, DECLARATION_BYTES)) ?? [];
  const guessed =
    bytes.length < LEAST_STATISTICS ? LAST_RESORT : (chardet.detect(bytes.subarray(0, SAMPLE_BYTES)) ?? LAST_RESORT);
  const known = [declared, guessed].find(
    (name) => name !== '' && !/^utf-?(16|32)/i.test(name) && iconv.encodingExists(name),
  );
  return (known ?? LAST_RESORT).toLowerCase();
}
