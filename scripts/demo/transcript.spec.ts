import type OpenAI from 'openai';
import { toEntries, Transcript, type Entry } from './transcript.js';

type StreamEvent = OpenAI.Beta.Assistants.AssistantStreamEvent;

function stepDelta(codeInterpreter: Record<string, unknown>): StreamEvent {
  const call = { index: 0, type: 'code_interpreter', code_interpreter: codeInterpreter };
  const data = { delta: { step_details: { type: 'tool_calls', tool_calls: [call] } } };
  return { event: 'thread.run.step.delta', data } as unknown as StreamEvent;
}

function messageDelta(value: string): StreamEvent {
  const data = { delta: { content: [{ index: 0, type: 'text', text: { value } }] } };
  return { event: 'thread.message.delta', data } as unknown as StreamEvent;
}

describe('toEntries', () => {
  it.each<[string, StreamEvent, Entry[]]>([
    ['text', messageDelta('Hello'), [{ kind: 'answer', text: 'Hello' }]],
    ['empty text', messageDelta(''), []],
    ['code', stepDelta({ input: 'print(1)' }), [{ kind: 'code', text: 'print(1)' }]],
    ['output', stepDelta({ outputs: [{ index: 0, type: 'logs', logs: '1' }] }), [{ kind: 'output', text: '1' }]],
    ['a picture', stepDelta({ outputs: [{ index: 0, type: 'image', image: { file_id: 'file-1' } }] }), []],
    ['another event', { event: 'thread.run.queued', data: {} } as unknown as StreamEvent, []],
  ])('reads %s', (_, event, expected) => {
    expect(toEntries(event)).toEqual(expected);
  });
});

describe('Transcript', () => {
  function render(limits: { lines: number; width: number }, entries: readonly Entry[]): string {
    const transcript = new Transcript(limits);
    return entries.map((entry) => transcript.add(entry)).join('') + transcript.end();
  }

  it('puts a heading where another kind of text begins, and joins fragments', () => {
    const entries: Entry[] = [
      { kind: 'answer', text: 'I com' },
      { kind: 'answer', text: 'pute.\n' },
      { kind: 'code', text: 'print(' },
      { kind: 'code', text: '1)\nprint(2)' },
      { kind: 'output', text: '1\n2\n' },
    ];
    expect(render({ lines: 10, width: 80 }, entries)).toBe(
      '\n--- The assistant says\nI compute.\n' +
        '\n--- It runs Python\n    print(1)\n    print(2)\n' +
        '\n--- Python prints\n    1\n    2\n    ',
    );
  });

  it('cuts long code and says how much is hidden, but never the answer', () => {
    const lines = Array.from({ length: 5 }, (_, index) => String(index)).join('\n');
    expect(render({ lines: 2, width: 80 }, [{ kind: 'code', text: lines }])).toBe(
      '\n--- It runs Python\n    0\n    1\n    ... 3 more lines\n',
    );
    expect(render({ lines: 2, width: 80 }, [{ kind: 'answer', text: lines }])).toBe(
      `\n--- The assistant says\n${lines}\n`,
    );
  });

  it('cuts a long line once, however it comes', () => {
    const whole = render({ lines: 9, width: 4 }, [{ kind: 'output', text: 'abcdefgh\nij' }]);
    const pieces = render(
      { lines: 9, width: 4 },
      ['abc', 'def', 'gh', '\nij'].map((text): Entry => ({ kind: 'output', text })),
    );
    expect(whole).toBe('\n--- Python prints\n    abcd...\n    ij\n');
    expect(pieces).toBe(whole);
  });
});
