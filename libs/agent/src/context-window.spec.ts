import { describe, expect, it } from '@jest/globals';
import type { ChatMessage } from '@libs/llm';
import { ContextWindow, dropMiddle } from './context-window.js';

const say = (content: string): ChatMessage => ({ role: 'user', content });
const countWords = (text: string): Promise<number> =>
  Promise.resolve(text.split(' ').filter((word) => word !== '').length);

describe('dropMiddle', () => {
  const messages = ['system', 'a', 'b', 'c', 'newest'].map((name) => ({ message: say(name), tokens: 10 }));
  const droppable = new Set(messages.slice(1, 4).map(({ message }) => message));

  it.each([
    [100, ['system', 'a', 'b', 'c', 'newest']],
    [50, ['system', 'a', 'b', 'c', 'newest']],
    [49, ['system', 'a', 'c', 'newest']],
    [35, ['system', 'a', 'newest']],
    [20, ['system', 'newest']],
    [19, null],
  ])('with room for %i tokens keeps %j', (limit, names) => {
    const kept = dropMiddle(messages, droppable, limit);
    expect(kept?.map(({ message }) => message.content) ?? null).toEqual(names);
  });
});

describe('ContextWindow', () => {
  const long = say('word '.repeat(500));
  const newest = say('question');

  it('counts nothing where the bytes already fit', async () => {
    const window = new ContextWindow({
      contextSize: 10_000,
      droppable: new Set(),
      count: () => Promise.reject(new Error('counted')),
    });
    expect(await window.fit([newest], 0, 100)).toEqual({ messages: [newest], maxTokens: 100 });
  });

  it('leaves out what does not fit into the context', async () => {
    const window = new ContextWindow({ contextSize: 400, droppable: new Set([long]), count: countWords });
    expect((await window.fit([long, newest], 0, 100))?.messages).toEqual([newest]);
  });

  it('lowers the limit of the answer to what the context leaves', async () => {
    const window = new ContextWindow({ contextSize: 1000, droppable: new Set(), count: countWords });
    expect(await window.fit([long, newest], 0, 32_768)).toEqual({
      messages: [long, newest],
      maxTokens: 1000 - 508 - 9,
    });
  });

  it('gives up where the rest is still too large', async () => {
    const window = new ContextWindow({ contextSize: 400, droppable: new Set(), count: countWords });
    expect(await window.fit([long, newest], 0, 100)).toBeNull();
  });

  it('counts earlier prompts against the budget of the run', async () => {
    const window = new ContextWindow({ maxPromptTokens: 600, droppable: new Set([long]), count: countWords });
    expect((await window.fit([long, newest], 0, 100))?.messages).toEqual([long, newest]);
    expect((await window.fit([long, newest], 200, 100))?.messages).toEqual([newest]);
    expect(await window.fit([long, newest], 600, 100)).toBeNull();
  });
});
