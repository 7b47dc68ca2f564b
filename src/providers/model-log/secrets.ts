/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/*
 * Texts are whatever anybody sent, so each expression takes time in proportion to the text: it begins only where a word
 * does, or behind a mark, and what it repeats cannot contain its own beginning or end.
 */

const DATA_URL = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.=-]+)*;base64,[\w+/=%-]{64,}/gi;
/** The same as bare base64 in fields that hold such, where the JSON around it was cut. */
const FILE_PAIR = /(\\?"(?:data|file_data|b64_json)\\?"\s*:\s*\\?")[\w+/-]{256,}={0,2}/g;

/** Names whose value is a secret wherever it stands. */
const NAMES =
  '(?:proxy-)?authorization|password|passwd|[\\w-]*(?:api|access|private|secret)[-_]?keys?|[\\w-]*[-_](?:token|secret|password)';
/** Names whose value is one where it is a field. */
const FIELDS = `${NAMES}|(?:set-)?cookie|secret|token`;
const SCHEMES = '(?:Basic|Bearer|Digest|Token|ApiKey)[ \\t]+';

/** Each with what it becomes. */
const REPLACEMENTS: readonly [RegExp, string][] = [
  // JSON that was cut, events of a stream, the arguments of a call; then the same as a text in JSON, and as Python.
  [new RegExp(`"(${FIELDS})"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"?`, 'gi'), `"$1":"${REDACTED}"`],
  [
    new RegExp(`\\\\"(${FIELDS})\\\\"\\s*:\\s*\\\\"(?:[^"\\\\]|\\\\\\\\(?:\\\\"|[^"\\\\]))*(?:\\\\")?`, 'gi'),
    `\\"$1\\":\\"${REDACTED}\\"`,
  ],
  [new RegExp(`'(${FIELDS})'\\s*:\\s*'[^'\\n]*'?`, 'gi'), `'$1': '${REDACTED}'`],
  // Headers, settings, parts of commands.
  [/(?<![\w-])((?:set-)?cookie:[ \t]*)[^\r\n"']+/gi, `$1${REDACTED}`],
  [new RegExp(`(?<![\\w-])((?:${NAMES})[ \\t]*[:=][ \\t]*)(?:${SCHEMES})?[^\\s"'\`<>,;&]+`, 'gi'), `$1${REDACTED}`],
  // Addresses: their parameters, and the user in them.
  [/([?&](?:key|token|secret|sig|signature|x-amz-signature|x-amz-credential)=)[^\s&#"'`<>]+/gi, `$1${REDACTED}`],
  [/(?<=:\/\/)[^\s/?#@"'`<>\\]+@/g, `${REDACTED}@`],
  // What is known by its form: keys of OpenAI's, GitHub, GitLab, Slack, Hugging Face, Tavily, AWS, Google; tokens.
  [/(?<![\w-])sk-[\w-]{8,}/g, REDACTED],
  [/(?<![\w-])(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|hf_|tvly-|AKIA|ASIA|AIza)[\w-]{12,}/g, REDACTED],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, REDACTED],
  [/\bBasic[ \t]+(?=[\w+/]*[\d=])[\w+/]{8,}={0,2}/g, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  // A key that was cut goes on to the end.
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----BEGIN )[\s\S])*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
    REDACTED,
  ],
];

export function removeSecrets(text: string): string {
  return REPLACEMENTS.reduce((kept, [expression, instead]) => kept.replace(expression, instead), text);
}

/** The text with each file in it told by its kind and length. */
export function shortenInlineFiles(text: string): string {
  return text
    .replace(DATA_URL, (whole, type: string | undefined) => `data:${type ?? ''};[${whole.length} characters]`)
    .replace(FILE_PAIR, (whole, before: string) => `${before}[${whole.length - before.length} characters]`);
}
