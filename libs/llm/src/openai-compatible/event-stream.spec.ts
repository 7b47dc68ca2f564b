import { readEventStream, type StreamEvent } from './event-stream.js';

async function read(...chunks: (string | Uint8Array)[]): Promise<StreamEvent[]> {
  const bytes = (async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  })();
  const events: StreamEvent[] = [];
  for await (const event of readEventStream(bytes)) events.push(event);
  return events;
}

describe('readEventStream', () => {
  it('reads events cut anywhere, even amid a character', async () => {
    const whole = Buffer.from('data: {"a":"Grüße 🌍"}\n\ndata: [DONE]\n\n');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const events = await read(whole.subarray(0, cut), whole.subarray(cut));
      expect(events).toEqual([{ data: '{"a":"Grüße 🌍"}' }, { data: '[DONE]' }]);
    }
  });

  it.each<[string, string, StreamEvent[]]>([
    ['comments', ': ping\n\ndata: 1\n\n', [{ data: '1' }]],
    ['names', 'event: error\ndata: {}\n\n', [{ event: 'error', data: '{}' }]],
    ['Windows line ends', 'data: 1\r\n\r\ndata: 2\r\n\r\n', [{ data: '1' }, { data: '2' }]],
    ['a last event without its blank line', 'data: 1\n\ndata: 2', [{ data: '1' }, { data: '2' }]],
    ['errors of old llama.cpp', 'error: {"message":"x"}\n\n', [{ event: 'error', data: '{"message":"x"}' }]],
    ['names that mean nothing', 'event: message\ndata: {}\n\n', [{ data: '{}' }]],
    ['signs of life without data', 'data: \n\ndata:\n\nevent: ping\ndata: \n\ndata: 1\n\n', [{ data: '1' }]],
    ['signs of life in words', 'event: ping\ndata: still here\n\ndata: 1\n\n', [{ data: '1' }]],
    ['JSON of several lines', 'data: {\ndata: "a":1}\n\n', [{ data: '{\n"a":1}' }]],
    [
      'events without blank lines between them',
      'data: {"a":1}\ndata: {"a":2}\ndata: [DONE]\n',
      [{ data: '{"a":1}' }, { data: '{"a":2}' }, { data: '[DONE]' }],
    ],
    ['an end with spaces', 'data: [DONE] \n\n', [{ data: '[DONE]' }]],
    ['no space after the colon', 'data:1\n\n', [{ data: '1' }]],
  ])('reads %s', async (_title, text, expected) => {
    await expect(read(text)).resolves.toEqual(expected);
  });

  it('refuses an event without end', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    await expect(read('data: ', ...Array.from({ length: 17 }, () => piece))).rejects.toMatchObject({ kind: 'failed' });
  });
});
