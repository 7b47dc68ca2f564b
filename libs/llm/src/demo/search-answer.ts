import { quoteLine } from './texts.js';

/** Sources as the tool `file_search` gives them. */
const SOURCE = /<source number="(\d+)"[^>]*>\n([\s\S]*?)\n<\/source>/g;
const SENTENCE_END = /(?<=[.!?。！？])\s+|\n+/u;
/** What a document cites, or seems to, is nothing that the answer cites. */
const BRACKETS = /\[\[?[^\][]{0,80}\]\]?|【[^【】]{0,80}】/g;
const EMPTY_WORDS = new Set(
  'a an and any are as at be by can did do does for from had has have how in is it its me my of on or our say says tell that the their there these they this to was we were what when where which who whom whose why will with you your'.split(
    ' ',
  ),
);
const MOST_QUOTES = 3;
const LONGEST_SENTENCE = 300;

interface Quote {
  number: number;
  sentence: string;
  score: number;
}

/** The sentences of the sources that have most words in common with the question, each cited. Null: there is no source. */
export function answerFromSources(question: string, report: string): string | null {
  const words = wordsOf(question);
  const best = [...report.matchAll(SOURCE)]
    .map(([, number, text = '']) => bestSentence(Number(number), text, words))
    .sort((one, other) => other.score - one.score);
  const [first] = best;
  if (!first) return null;
  const quotes = best.filter(({ score }) => score > 0).slice(0, MOST_QUOTES);
  const distinct = (quotes.length > 0 ? quotes : [first]).filter(isFirstOfItsWords);
  return `The documents say:\n\n${distinct.map(({ number, sentence }) => `${quoteLine(sentence)} [[${number}]]`).join('\n\n')}`;
}

function isFirstOfItsWords({ sentence }: Quote, index: number, quotes: readonly Quote[]): boolean {
  return quotes.findIndex((other) => other.sentence === sentence) === index;
}

function bestSentence(number: number, text: string, words: ReadonlySet<string>): Quote {
  const sentences = text.split(SENTENCE_END).map((sentence) => sentence.replace(BRACKETS, '').trim());
  const quotes = sentences
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .map((sentence) => ({ number, sentence: sentence.slice(0, LONGEST_SENTENCE), score: overlap(sentence, words) }));
  return quotes.reduce((best, quote) => (quote.score > best.score ? quote : best), {
    number,
    sentence: quotes[0]?.sentence ?? '',
    score: 0,
  });
}

/** The share of the question's words that the sentence has; of two, the shorter sentence is the better one. */
function overlap(sentence: string, words: ReadonlySet<string>): number {
  const own = wordsOf(sentence);
  const common = [...own].filter((word) => words.has(word)).length;
  return common === 0 ? 0 : common / words.size + 1 / (1000 + own.size);
}

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY_WORDS.has(word)).map((word) => word.replace(/(?<=\w{3})s$/, '')));
}
