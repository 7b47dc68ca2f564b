/** What stands in the place of a secret. */
const REDACTED = '[redacted]';
const SECRET_KEY =
  /^(authorization|proxy-authorization|cookie|password|passwd|secret|token|.*(api|access|private)[-_]?key|.*_(token|secret|password))$/i;
const DATA_URL = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=-]+)*;base64,[A-Za-z0-9+/=]{64,}/g;
/** Keys of OpenAI's form, bearer tokens, signed tokens, private keys. */
const SECRETS = [
  /\bsk-[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];
const LONGEST_TEXT = 64 * 1024;
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
  const cut =
    short.length > LONGEST_TEXT ? `${short.slice(0, LONGEST_TEXT)}[${short.length - LONGEST_TEXT} more]` : short;
  return [...SECRETS, ...own].reduce((kept, expression) => kept.replace(expression, REDACTED), cut);
}
