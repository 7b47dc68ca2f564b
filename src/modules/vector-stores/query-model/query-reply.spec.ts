import { readReplyQueries, readReplyScores } from './query-reply.js';

describe('readReplyQueries', () => {
  it.each<[string, string, string[]]>([
    ['a line each', 'late tax fee\npenalty for late payment', ['late tax fee', 'penalty for late payment']],
    ['numbers and marks', '1. one\n2) two\n- three\n* four', ['one', 'two', 'three', 'four']],
    ['quotes', '"late tax fee"\n“another”', ['late tax fee', 'another']],
    ['an introduction', 'Here are three variants:\none', ['one']],
    ['what repeats', 'one\none\n', ['one']],
    ['a year at the beginning stays', '2024 budget', ['2024 budget']],
    ['nothing', ' \n', []],
    ['control characters and half characters', 'a\0b\n\ud800', ['a b', '\ufffd']],
  ])('%s', (_, reply, expected) => {
    expect(readReplyQueries(reply, 5)).toEqual(expected);
  });

  it('reads no more than is wanted, nor longer ones', () => {
    expect(readReplyQueries('a\nb\nc', 2)).toEqual(['a', 'b']);
    expect(readReplyQueries('x'.repeat(5000), 2)[0]).toHaveLength(1000);
  });
});

describe('readReplyScores', () => {
  it.each<[string, string, number[] | null]>([
    ['as asked for', '1: 10\n2: 0\n3: 5', [1, 0, 0.5]],
    ['in any order, with brackets', '[3] - 5\n[1] = 7.5\n[2]: 1', [0.75, 0.1, 0.5]],
    ['as JSON', '{"1": 8, "2": 2, "3": 4}', [0.8, 0.2, 0.4]],
    ['out of ten', '1: 8/10\n2: 2 / 10\n3: 4/10', [0.8, 0.2, 0.4]],
    ['too high', '1: 50\n2: 10\n3: 0', [1, 1, 0]],
    ['the first counts', '1: 3\n1: 9\n2: 1\n3: 1', [0.3, 0.1, 0.1]],
    ['one missing', '1: 3\n3: 9', [0.3, 0, 0.9]],
    ['most missing', '1: 3', null],
    ['passages that are not there', '7: 3\n8: 9\n0: 1', null],
    ['words', 'All of them are fine.', null],
    ['nothing', '', null],
  ])('%s', (_, reply, expected) => {
    expect(readReplyScores(reply, 3)).toEqual(expected);
  });
});
