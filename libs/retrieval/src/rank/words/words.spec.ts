import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { stem } from './stem.js';
import { termsOf, visitWords } from './words.js';

describe('stem', () => {
  // From the paper, each of its steps.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['sized', 'size'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['failing', 'fail'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['digitizer', 'digit'],
    ['sensibility', 'sensibl'],
    ['triplicate', 'triplic'],
    ['goodness', 'good'],
    ['revival', 'reviv'],
    ['replacement', 'replac'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['rate', 'rate'],
    ['controll', 'control'],
    ['roll', 'roll'],
    ['as', 'as'],
  ])('%s: %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });
});

describe('termsOf', () => {
  it.each([
    ['stop words and case', 'What did THE President say?', ['presid', 'sai']],
    ['an apostrophe parts', "Biden's plan", ['biden', 'plan']],
    ['each term once', 'taxes, tax and taxed', ['tax']],
    ['numbers and codes', 'Form 10-K of 2023 ($32)', ['form', '10', 'k', '2023', '32']],
    ['punctuation that is not ASCII', '“cost”—price…', ['cost', 'price']],
    ['accents may be left out', 'Naïve Café', ['naiv', 'cafe']],
    ['other alphabets', 'Москва 2024', ['москва', '2024']],
    ['scripts without spaces, by pairs', '東京都', ['東京', '京都']],
    ['scripts without spaces beside others', '東京2024年度', ['東京', '2024', '年度']],
    ['the long vowel of Japanese', 'サーバー', ['サー', 'ーバ', 'バー']],
    ['Korean with its particles', '서울에서', ['서울', '울에', '에서']],
    ['Thai', 'ภาษา', ['ภา', 'าษ', 'ษา']],
    ['umlauts and ß', 'Größe STRASSE Straße', ['gross', 'strass']],
    ['one such character alone', '東', ['東']],
    ['encoded data is no word', 'A'.repeat(65), []],
    ['nothing', ' \n…', []],
  ])('%s', (_, text, expected) => {
    expect(termsOf(text)).toEqual(expected);
  });

  it('is the same however often a word was seen', () => {
    expect([termsOf('Running'), termsOf('Running')]).toEqual([['run'], ['run']]);
  });
});

describe('visitWords', () => {
  it('tells where each word begins, in UTF-16', () => {
    const text = '😀 Größe — “big” taxes';
    const found: [string, string][] = [];
    visitWords(text, (term, start) => found.push([term, text.slice(start, start + 3)]));
    expect(found).toEqual([
      ['gross', 'Grö'],
      ['big', 'big'],
      ['tax', 'tax'],
    ]);
  });
});

test('words that are remembered keep no text that they stood in', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const MEGABYTE = 2 ** 20;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 30; index += 1) {
    termsOf(`unmistakeablylongword${index} ${' '.repeat(2 * MEGABYTE)}`);
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20 * MEGABYTE);
});
