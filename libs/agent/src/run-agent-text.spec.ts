import { ModelError } from '@libs/llm';
import {
  finish,
  outline,
  play,
  refusal,
  text,
  tokens,
  usage,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';

const deltaTexts = (lines: string[]): string[] => lines.filter((line) => line.startsWith('text('));

describe('a turn of text', () => {
  test("is one message in one step, with the turn's tokens", async () => {
    const { events } = await play([[text('Hel'), text('lo'), finish('stop'), usage(7, 3)]]);
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):Hel',
      'text(0):lo',
      'message-completed(0)',
      'finished:completed',
    ]);
    expect(events.at(-2)).toEqual({ type: 'message-completed', step: 0, incomplete: null, usage: tokens(7, 3) });
  });

  test.each<[string, ScriptStep[]]>([
    ['nothing', [finish('stop')]],
    ['not even an end', []],
    ['an empty text', [text(''), finish('stop')]],
    ['white space', [text(' '), text('\n\n'), finish('stop')]],
  ])('of %s is asked for once more, and then completes without a message', async (_, turn) => {
    const { events, model } = await play([turn, turn]);
    expect(outline(events)).toEqual(['finished:completed']);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user' });
  });

  test('white space before the first word is shown with it', async () => {
    const { events } = await play([[text('\n'), text(' '), text('a'), text(' b'), finish('stop')]]);
    expect(deltaTexts(outline(events))).toEqual(['text(0):\n a', 'text(0): b']);
  });

  test('reasoning opens no message', async () => {
    const { events } = await play([[{ type: 'reasoning', text: 'hm' }, text('a'), finish('stop')]]);
    expect(outline(events).slice(0, 2)).toEqual(['reasoning-delta(0)', 'message-started(0)']);
  });
});

describe('how a turn of text ends', () => {
  test.each([
    ['length', 'max_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('%s leaves message and run incomplete', async (reason, incomplete) => {
    const { events } = await play([[text('a'), finish(reason), usage(1, 2)]]);
    expect(events.slice(-2)).toEqual([
      { type: 'message-completed', step: 0, incomplete, usage: tokens(1, 2) },
      { type: 'finished', outcome: { type: 'incomplete', reason: incomplete }, usage: tokens(0, 0) },
    ]);
  });

  test('length without a word is incomplete too', async () => {
    const { events } = await play([[finish('length')]]);
    expect(events).toEqual([
      { type: 'finished', outcome: { type: 'incomplete', reason: 'max_tokens' }, usage: tokens(0, 0) },
    ]);
  });

  test.each([
    ['rate_limited', 'rate_limit_exceeded'],
    ['rejected', 'invalid_prompt'],
    ['unavailable', 'server_error'],
    ['timeout', 'server_error'],
    ['model_not_found', 'server_error'],
    ['failed', 'server_error'],
    ['aborted', 'server_error'],
  ] as const)('a model error of kind %s is the failure %s', async (kind, code) => {
    const { events } = await play([
      [
        text('a'),
        () => {
          throw new ModelError(kind, 'the words of the server');
        },
      ],
    ]);
    expect(outline(events)).toEqual(['message-started(0)', 'text(0):a', 'finished:failed']);
    expect(events.at(-1)).toEqual({
      type: 'finished',
      outcome: { type: 'failed', code, message: 'the words of the server' },
      usage: tokens(0, 0),
    });
  });

  test('any other error is a failure of the server', async () => {
    const { events } = await play([]);
    expect(events).toMatchObject([{ type: 'finished', outcome: { type: 'failed', code: 'server_error' } }]);
  });
});

describe('a refusal', () => {
  test('is a part of the message', async () => {
    const { events } = await play([[refusal('I '), refusal("won't"), finish('stop')]]);
    expect(outline(events)).toEqual([
      'message-started(0)',
      'refusal-delta(0)',
      'refusal-delta(0)',
      'message-completed(0)',
      'finished:completed',
    ]);
  });

  test('comes after the text before it, and later text counts its places anew', async () => {
    const files = new Map([['a.csv', 'file-1']]);
    const link = 'sandbox:/mnt/data/a.csv';
    const { events } = await play([[text('see sand'), refusal('no'), text(`${link}.`), finish('stop')]], { files });
    expect(outline(events).slice(1, -2)).toEqual([
      'text(0):see ',
      'text(0):sand',
      'refusal-delta(0)',
      `text(0):${link}`,
      'text(0):.',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ annotations: [expect.objectContaining({ startIndex: 0, endIndex: link.length })] }),
    );
  });
});

describe('pending images', () => {
  const pendingImages = ['file-1', 'file-2'];

  test('come first in the next message, once', async () => {
    const { events } = await play([[text('a'), finish('stop')]], { pendingImages });
    expect(outline(events).slice(0, 4)).toEqual([
      'message-started(0)',
      'image-added(0)',
      'image-added(0)',
      'text(0):a',
    ]);
    expect(pendingImages).toEqual(['file-1', 'file-2']);
  });

  test('are shown by a model that has no words for them', async () => {
    const { events } = await play([[finish('stop'), usage(4, 0)]], { pendingImages });
    expect(outline(events)).toEqual([
      'message-started(0)',
      'image-added(0)',
      'image-added(0)',
      'message-completed(0)',
      'finished:completed',
    ]);
  });
});
