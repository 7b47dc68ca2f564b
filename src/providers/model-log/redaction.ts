import { removeSecrets, REDACTED, shortenInlineFiles } from './secrets.js';

const SECRET_KEY =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|password|passwd|secret|token|[\w-]*(?:api|access|private|secret)[-_]?keys?|[\w-]*[-_](?:token|secret|password))$/i;
/** Fields of OpenAI's wire that hold a file or a sound as bare base64. */
const FILE_KEY = /^(?:data|file_data|b64_json)$/;
const BASE64 = /^[A-Za-z0-9+/_-]{256,}={0,2}$/;
const LONGEST_TEXT = 64 * 1024;
/** More than is kept, so that nothing of a secret at the end of it is. */
const LONGEST_SEARCHED = 2 * LONGEST_TEXT;
export const DEEPEST = 32;

/** The value without secrets, and with long texts cut. `own` are the administrator's expressions, with the flag g. */
export function redact(value: unknown, own: readonly RegExp[], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, own);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((each) => redact(each, own, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, redactField(key, each) ?? redact(each, own, depth + 1)]),
  );
}

/** What is shown of a field by its name alone; undefined where that says nothing. */
function redactField(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key)) {
    if (typeof value === 'string') return REDACTED;
    if (Array.isArray(value)) return value.map((each: unknown) => (typeof each === 'object' ? null : REDACTED));
  }
  const isFile = FILE_KEY.test(key) && typeof value === 'string' && BASE64.test(value);
  return isFile ? `[${value.length} characters]` : undefined;
}

function redactText(text: string, own: readonly RegExp[]): string {
  const short = shortenInlineFiles(text);
  const harmless = own.reduce(
    (kept, expression) => kept.replace(expression, REDACTED),
    removeSecrets(short.slice(0, LONGEST_SEARCHED)),
  );
  const left = harmless.length - LONGEST_TEXT + Math.max(0, short.length - LONGEST_SEARCHED);
  return harmless.length > LONGEST_TEXT ? `${harmless.slice(0, LONGEST_TEXT)}[${left} more]` : harmless;
}
