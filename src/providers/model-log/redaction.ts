/** What stands in the place of a secret. */
const REDACTED = '[redacted]';
const SECRET_KEYS =
  'authorization|proxy-authorization|cookie|password|passwd|secret|token|[\\w-]*(?:api|access|private)[-_]?key|[\\w-]*_(?:token|secret|password)';
const SECRET_KEY = new RegExp(`^(?:${SECRET_KEYS})$`, 'i');
/** The same in a text: JSON that was cut, events of a stream, the arguments of a call. */
const SECRET_PAIR = new RegExp(`"(${SECRET_KEYS})"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"?`, 'gi');
const DATA_URL = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=-]+)*;base64,[A-Za-z0-9+/=]{64,}/g;
/** Keys of OpenAI's form, bearer tokens, signed tokens, private keys. */
const SECRETS = [
  /\bsk-[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];
const LONGEST_TEXT = 64 * 1024;
/** Far more than is kept, so that nothing of a secret at the end of it is. */
const LONGEST_SEARCHED = 1024 * 1024;
const DEEPEST = 32;

/** The value without secrets, and with long texts cut. `own` are the administrator's expressions, with the flag g. */
export function redact(value: unknown, own: readonly RegExp[], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, own);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((each) => redact(each, own, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      SECRET_KEY.test(key) && typeof each === 'string' ? REDACTED : redact(each, own, depth + 1),
    ]),
  );
}

function redactText(text: string, own: readonly RegExp[]): string {
  const short = text.replace(
    DATA_URL,
    (whole, type: string | undefined) => `data:${type ?? ''};[${whole.length} characters]`,
  );
  const harmless = [...SECRETS, ...own].reduce(
    (kept, expression) => kept.replace(expression, REDACTED),
    short.slice(0, LONGEST_SEARCHED).replace(SECRET_PAIR, `"$1":"${REDACTED}"`),
  );
  const left = harmless.length - LONGEST_TEXT + Math.max(0, short.length - LONGEST_SEARCHED);
  return harmless.length > LONGEST_TEXT ? `${harmless.slice(0, LONGEST_TEXT)}[${left} more]` : harmless;
}
