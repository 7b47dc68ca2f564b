import { Buffer } from 'node:buffer';
import { extname } from 'node:path';

/** What file systems take for one name. */
const MOST_BYTES = 255;
const LONGEST_EXTENSION = 32;
const FALLBACK = 'file';
const MOST_FOLDERS = 8;

/**
 * Control characters, invisible format characters (those that turn the direction of writing among them), line
 * separators: nothing that makes a name look like another, or breaks a header.
 */
const UNSAFE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * The plain base name of whatever a client calls a file: no folder, nothing invisible, at most 255 bytes, never empty,
 * never `.` or `..`.
 */
export function toPlainFileName(raw: string | undefined): string {
  const base = (raw ?? '').split(/[/\\]/).findLast((part) => part !== '') ?? '';
  return toPlainSegment(base) ?? FALLBACK;
}

/**
 * The name of a file that code wrote, relative to its workspace: folders kept, no segment that leads out. What would
 * lie too deep loses its folders.
 */
export function toWorkspaceName(raw: string): string {
  const segments = raw
    .split('/')
    .map((segment) => toPlainSegment(segment.replaceAll('\\', '_')))
    .filter((segment) => segment !== undefined);
  if (segments.length > MOST_FOLDERS) return segments.at(-1) ?? FALLBACK;
  return segments.length === 0 ? FALLBACK : segments.join('/');
}

/** The name, or where it is taken `data_1.csv`, `data_2.csv` and so on. */
export function distinctName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 1; ; number += 1) {
    const candidate = insertBeforeExtension(name, `_${number}`);
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * The name of a part of a multipart form, read from its header as latin1: most clients send UTF-8 there, some
 * latin1, and what came as RFC 5987's `filename*` is decoded already.
 */
export function decodeFormName(latin1: string): string {
  if (/[^\u0000-\u00ff]/.test(latin1)) return latin1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}

/** Undefined for a segment of which nothing is left. */
function toPlainSegment(raw: string): string | undefined {
  // Lone surrogates become the replacement character on the way through bytes.
  const wellFormed = Buffer.from(raw, 'utf8').toString('utf8');
  const clean = wellFormed.normalize('NFC').replace(UNSAFE_CHARACTERS, '').trim();
  if (clean === '' || clean === '.' || clean === '..') return undefined;
  return insertBeforeExtension(clean, '');
}

/** The stem gives way where the whole would be too long. */
function insertBeforeExtension(name: string, insertion: string): string {
  const ending = extname(name);
  const extension = Buffer.byteLength(ending) <= LONGEST_EXTENSION ? ending : '';
  const stem = name.slice(0, name.length - extension.length);
  return cutToBytes(stem, MOST_BYTES - Buffer.byteLength(extension) - insertion.length) + insertion + extension;
}

function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return bytes.toString('utf8', 0, end);
}
