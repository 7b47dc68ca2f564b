import { readScores } from '../rerank/read-scores.js';
import { ollamaEmbeddings } from './ollama-embeddings.js';
import { OPENAI_EMBEDDINGS } from './openai-embeddings.js';
import { readVector } from './vectors.js';

const BASE64 = Buffer.from(Float32Array.from([1, -0.5, 3]).buffer).toString('base64');

describe('readVector', () => {
  it.each([
    [
      [1, 2],
      [1, 2],
    ],
    [BASE64, [1, -0.5, 3]],
    ['', undefined],
    [[], undefined],
    ['AAA=', undefined],
    [[1, null], undefined],
    [[1, Number.NaN], undefined],
    [{}, undefined],
  ])('%j', (value, expected) => {
    const vector = readVector(value);
    expect(vector && [...vector]).toEqual(expected);
  });
});

describe('answers with embeddings', () => {
  it('are put in order by their indexes', () => {
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ];
    const result = OPENAI_EMBEDDINGS.read({ data, usage: { prompt_tokens: 4 } });
    expect(result?.vectors.map((vector) => [...vector])).toEqual([[1], [2]]);
    expect(result?.promptTokens).toBe(4);
  });

  it.each([[{}], [{ data: 'x' }], [{ data: [{ index: 0 }] }], [{ data: [null] }], ['<html>']])('not %j', (answer) => {
    expect(OPENAI_EMBEDDINGS.read(answer)).toBeUndefined();
  });

  it.each([[{}], [{ embeddings: [['x']] }], [null]])('of Ollama: not %j', (answer) => {
    expect(ollamaEmbeddings().read(answer)).toBeUndefined();
  });
});

describe('readScores', () => {
  const results = [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: -0.1 },
  ];
  it.each([
    [{ results }, 2, [-0.1, 0.9]],
    [
      [
        { index: 0, score: 1 },
        { index: 1, score: 2 },
      ],
      2,
      [1, 2],
    ],
    [{ results }, 3, undefined],
    [{ results: [{ index: 0 }] }, 1, undefined],
    [{ results: null }, 1, undefined],
  ])('of %j', (answer, count, expected) => {
    expect(readScores(answer, count)).toEqual(expected);
  });
});
