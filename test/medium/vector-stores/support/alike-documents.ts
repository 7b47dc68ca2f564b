import type { ParsedDocument } from '@libs/retrieval';

/** A manual among others that say nearly the same, and a question that it alone answers. */
export interface AlikeDocument {
  filename: string;
  document: ParsedDocument;
  question: string;
  answer: string;
}

const NAMES = ['Heron', 'Wren', 'Kestrel', 'Plover', 'Bittern', 'Siskin'];
const SUBJECTS: [title: string, statement: (value: number) => string, question: (name: string) => string][] = [
  [
    'Filter',
    (n) => `The filter is cleaned every ${n} weeks.`,
    (name) => `How often is the filter of the ${name} cleaned?`,
  ],
  ['Pressure', (n) => `Its highest pressure is ${n} bar.`, (name) => `Which pressure does the ${name} bear at most?`],
  [
    'Warranty',
    (n) => `Repairs are free for ${n} months.`,
    (name) => `For how many months are repairs of the ${name} free?`,
  ],
  [
    'Noise',
    (n) => `At full speed it reaches ${n} decibels.`,
    (name) => `How many decibels has the ${name} at full speed?`,
  ],
];
/** Says much of every subject, and answers nothing. */
const FILLING = [
  'Switch the pump off before you open it, and let it cool down.',
  'The filter, the seals and the hoses are looked at by a person who was trained for it.',
  'Pressure that rises fast is a sign of dirt in the pipes.',
  'Repairs by others end the warranty, unless we agreed to them in writing.',
  'At full speed the motor may become hot; noise that changes is to be reported.',
  'Keep this manual near the pump, for months and years to come.',
];
const SENTENCES_A_SECTION = 30;

/** Two dozen long manuals. Which pump it is, each says in its title only, and what is asked for in one sentence. */
export function alikeDocuments(): AlikeDocument[] {
  return NAMES.flatMap((bird, one) =>
    SUBJECTS.map(([, , question], subject) => {
      const name = `${bird} ${10 * (subject + 1) + one}`;
      const answers = SUBJECTS.map(([, statement], index) => statement(100 + 7 * one + 50 * subject + index));
      return {
        filename: `manual-${one}-${subject}.md`,
        document: documentOf(name, answers),
        ...{ question: question(name), answer: answers[subject] ?? '' },
      };
    }),
  );
}

function documentOf(name: string, answers: readonly string[]): ParsedDocument {
  const sections: ParsedDocument['sections'][number][] = [];
  let text = '';
  SUBJECTS.forEach(([title], section) => {
    const sentences = Array.from(
      { length: SENTENCES_A_SECTION },
      (_, index) => FILLING[(index * (section + 1) + section) % FILLING.length] ?? '',
    );
    sentences.splice(SENTENCES_A_SECTION / 2, 0, answers[section] ?? '');
    const start = text.length;
    text += `${sentences.join(' ')}\n\n`;
    sections.push({ start, end: text.length, page: null, headings: [`Pump ${name}`, title], kind: 'prose' });
  });
  return { text, sections, metadata: {} };
}
