import { MOST_KEPT_BYTES, StreamedAnswer, WholeAnswer, type AnswerReader } from './answer-readers.js';

const ID = 'chatcmpl-ours';

/** What the client gets of the pieces, and what is kept. */
function read(reader: AnswerReader, pieces: readonly (string | Buffer)[]): { sent: string; kept: unknown } {
  const sent = pieces.map((piece) => reader.take(Buffer.from(piece)));
  const { rest, completion } = reader.finish();
  return { sent: Buffer.concat([...sent, rest]).toString('utf8'), kept: completion };
}

function chunk(delta: object, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null, ...more }];
  return JSON.stringify({ id: 'theirs', object: 'chat.completion.chunk', created: 7, model: 'm', choices });
}

const HELLO = chunk({ role: 'assistant', content: 'Héllo' });
const STOP = chunk({}, { finish_reason: 'stop' });
const OURS = (text: string): string => text.replace('theirs', ID);
const KEPT = {
  id: ID,
  object: 'chat.completion',
  created: 7,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Héllo', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
};

describe('StreamedAnswer', () => {
  const stream = `data: ${HELLO}\n\ndata: ${STOP}\n\ndata: [DONE]\n\n`;

  it('gives the chunks our id and keeps what they say', () => {
    expect(read(new StreamedAnswer(ID), [stream])).toEqual({ sent: stream.replaceAll('theirs', ID), kept: KEPT });
  });

  it('does so wherever the pieces are cut, inside of characters too', () => {
    const bytes = Buffer.from(stream);
    for (let size = 1; size <= 7; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(read(new StreamedAnswer(ID), pieces)).toEqual({ sent: stream.replaceAll('theirs', ID), kept: KEPT });
    }
  });

  it('sends a frame as soon as it is whole', () => {
    const reader = new StreamedAnswer(ID);
    expect(reader.take(Buffer.from(`data: ${HELLO}`)).toString()).toBe('');
    expect(reader.take(Buffer.from('\n\ndata:')).toString()).toBe(`data: ${OURS(HELLO)}\n\n`);
  });

  it('passes on what is no chunk as it came', () => {
    const others = ': ping\n\nevent: note\ndata: {"choices":1}\n\ndata: [DONE]\r\n\r\ntail';
    expect(read(new StreamedAnswer(ID), [others])).toEqual({ sent: others, kept: undefined });
  });

  it('reads frames that end with CRLF', () => {
    expect(read(new StreamedAnswer(ID), [stream.replaceAll('\n', '\r\n')]).kept).toEqual(KEPT);
  });

  it.each<[string, string]>([
    ['broke off', `data: ${HELLO}\n\n`],
    ['ends with an error', `data: ${HELLO}\n\ndata: {"error":{"message":"no"}}\n\ndata: ${STOP}\n\n`],
    ['has a frame that cannot be read', `data: ${HELLO}\n\ndata: {"choices":[\n\ndata: ${STOP}\n\n`],
    ['is empty', ''],
  ])('keeps no answer that %s', (_, text) => {
    expect(read(new StreamedAnswer(ID), [text]).kept).toBeUndefined();
  });

  it('keeps no answer of which a frame is beyond all bounds, but passes every byte on', () => {
    const huge = `data: ${chunk({ content: 'x'.repeat(MOST_KEPT_BYTES) })}\n\n`;
    const { sent, kept } = read(new StreamedAnswer(ID), [huge.slice(0, -9), huge.slice(-9), `data: ${STOP}\n\n`]);
    expect(sent === `${huge}data: ${OURS(STOP)}\n\n`).toBe(true);
    expect(kept).toBeUndefined();
  });
});

describe('WholeAnswer', () => {
  const answer = { ...KEPT, id: 'theirs' };

  it('is held until it is whole, and gets our id', () => {
    const text = JSON.stringify(answer);
    const reader = new WholeAnswer(ID);
    expect(reader.take(Buffer.from(text)).length).toBe(0);
    const { rest, completion } = reader.finish();
    expect(JSON.parse(rest.toString())).toEqual(KEPT);
    expect(completion).toEqual(KEPT);
  });

  it.each(['not JSON', '[]', '{"object":"error"}', ''])('passes on as it came: %j', (text) => {
    expect(read(new WholeAnswer(ID), [text])).toEqual({ sent: text, kept: undefined });
  });

  it('is no longer held once it is too large to be kept', () => {
    const reader = new WholeAnswer(ID);
    const half = Buffer.alloc(MOST_KEPT_BYTES / 2, 'x');
    expect([half, half, Buffer.from('y'), Buffer.from('z')].map((piece) => reader.take(piece).length)).toEqual([
      0,
      0,
      MOST_KEPT_BYTES + 1,
      1,
    ]);
    expect(reader.finish()).toEqual({ rest: Buffer.alloc(0) });
  });
});
