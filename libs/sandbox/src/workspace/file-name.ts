import { SandboxError } from '../ports/sandbox-provider.js';

const MAX_NAME_BYTES = 255;
const SLASH = 0x2f;

/**
 * What must not reach a page or a terminal as it is: control characters, marks that turn the direction of text,
 * and the backslash, since it starts an escape here.
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\\]/u;

/**
 * A name's printable form. Bytes that are no UTF-8, and unsafe characters, become `\xNN`, each byte by itself:
 * two different names never look alike, and `parsePath` finds the way back.
 */
export function printableName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!UNSAFE.test(text) && Buffer.from(text).equals(bytes)) return text;
  let printable = '';
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    if (character === undefined || UNSAFE.test(character)) {
      const escaped = bytes.subarray(at, at + (character === undefined ? 1 : Buffer.byteLength(character)));
      for (const byte of escaped) printable += `\\x${byte.toString(16).padStart(2, '0')}`;
      at += escaped.length;
    } else {
      printable += character;
      at += Buffer.byteLength(character);
    }
  }
  return printable;
}

function characterAt(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    const part = bytes.subarray(at, at + length);
    const text = part.toString('utf8');
    if ([...text].length === 1 && Buffer.from(text).equals(part)) return text;
  }
  return undefined;
}

/**
 * The path behind a printable one, component by component.
 * @throws SandboxError for what cannot name a file inside the workspace.
 */
export function parsePath(name: string): Buffer[] {
  return name.split('/').map((component) => {
    const bytes = parseComponent(component);
    const isPlain = bytes.length > 0 && bytes.length <= MAX_NAME_BYTES && !bytes.includes(0) && !bytes.includes(SLASH);
    // Only the form that `printableName` gives counts: an escape must not spell what it would not escape, as `..`.
    if (!isPlain || component === '.' || component === '..' || printableName(bytes) !== component) {
      throw new SandboxError('That is not the name of a file in the workspace.');
    }
    return bytes;
  });
}

function parseComponent(component: string): Buffer {
  const parts = component.split(/(\\x[0-9a-f]{2})/);
  return Buffer.concat(parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))));
}
