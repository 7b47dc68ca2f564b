/** M. F. Porter, "An algorithm for suffix stripping" (1980), by its steps; the names follow the paper. */

const CONSONANT = '[^aeiou]';
const VOWEL = '[aeiouy]';
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;

/** The paper's m: how many vowel-consonant sequences the stem has. */
const HAS_SEQUENCE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const HAS_ONE_SEQUENCE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`);
const HAS_SEQUENCES = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const HAS_VOWEL = new RegExp(`^(${CONSONANTS})?${VOWEL}`);
const ENDS_SHORT = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);
const ENDS_DOUBLE = /([^aeiouylsz])\1$/;

const STEP_2 = new Map(
  Object.entries({
    ...{
      ational: 'ate',
      tional: 'tion',
      enci: 'ence',
      anci: 'ance',
      izer: 'ize',
      bli: 'ble',
      alli: 'al',
      entli: 'ent',
    },
    ...{ eli: 'e', ousli: 'ous', ization: 'ize', ation: 'ate', ator: 'ate', alism: 'al', iveness: 'ive' },
    ...{ fulness: 'ful', ousness: 'ous', aliti: 'al', iviti: 'ive', biliti: 'ble', logi: 'log' },
  }),
);
const STEP_3 = new Map(
  Object.entries({ icate: 'ic', ative: '', alize: 'al', iciti: 'ic', ical: 'ic', ful: '', ness: '' }),
);
const STEP_2_SUFFIX = new RegExp(`^(.+?)(${[...STEP_2.keys()].join('|')})$`);
const STEP_3_SUFFIX = new RegExp(`^(.+?)(${[...STEP_3.keys()].join('|')})$`);
const STEP_4_SUFFIX =
  /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

const SHORTEST = 3;

/** The stem of an English word in lower case; other words, and those with digits, mostly stay as they are. */
export function stem(word: string): string {
  if (word.length < SHORTEST) return word;
  return removeLastE(
    stripStep4(replaceSuffix(replaceSuffix(plainEnd(word), STEP_2_SUFFIX, STEP_2), STEP_3_SUFFIX, STEP_3)),
  );
}

/** Steps 1a to 1c: plurals, -ed, -ing, and a last y. */
function plainEnd(word: string): string {
  const singular = word.replace(/(ss|i)es$/, '$1').replace(/([^s])s$/, '$1');
  const base = withoutParticiple(singular);
  return base.endsWith('y') && HAS_VOWEL.test(base.slice(0, -1)) ? `${base.slice(0, -1)}i` : base;
}

function withoutParticiple(word: string): string {
  if (word.endsWith('eed')) return HAS_SEQUENCE.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const base = word.replace(/(ed|ing)$/, '');
  if (base === word || !HAS_VOWEL.test(base)) return word;
  if (/(at|bl|iz)$/.test(base)) return `${base}e`;
  if (ENDS_DOUBLE.test(base)) return base.slice(0, -1);
  return ENDS_SHORT.test(base) ? `${base}e` : base;
}

function replaceSuffix(word: string, suffixes: RegExp, replacements: ReadonlyMap<string, string>): string {
  const [, base = '', suffix = ''] = suffixes.exec(word) ?? [];
  return HAS_SEQUENCE.test(base) ? base + (replacements.get(suffix) ?? '') : word;
}

function stripStep4(word: string): string {
  const [, base = ''] = STEP_4_SUFFIX.exec(word) ?? [];
  return HAS_SEQUENCES.test(base) ? base : word;
}

/** Step 5: a last e, and one of two last l. */
function removeLastE(word: string): string {
  const base = word.slice(0, -1);
  const dropped =
    word.endsWith('e') && (HAS_SEQUENCES.test(base) || (HAS_ONE_SEQUENCE.test(base) && !ENDS_SHORT.test(base)));
  const short = dropped ? base : word;
  return short.endsWith('ll') && HAS_SEQUENCES.test(short) ? short.slice(0, -1) : short;
}
