import { FrameSplitter } from './frames.js';

function frame(channel: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(channel, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** Channel and text of each frame, its parts put together. */
function collect(chunks: Buffer[]): [number, string][] {
  const splitter = new FrameSplitter();
  const found: [number, string][] = [];
  let text = '';
  for (const part of chunks.flatMap((chunk) => splitter.push(chunk))) {
    text += part.data.toString();
    if (!part.isLast) continue;
    found.push([part.channel, text]);
    text = '';
  }
  return found;
}

describe('FrameSplitter', () => {
  const bytes = Buffer.concat([frame(1, 'one'), frame(4, ''), frame(2, ''), frame(3, 'three\n')]);
  const frames = [[1, 'one'], [4, ''], [2, ''], [3, 'three\n']]; // prettier-ignore

  it.each([1, 2, 3, 7, 8, 9, 100])('finds the frames in chunks of %d bytes', (size) => {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(collect(chunks)).toEqual(frames);
  });

  it('hands a long frame over as it comes, and keeps nothing of it', () => {
    const splitter = new FrameSplitter();
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(splitter.push(header)).toEqual([]);
    expect(splitter.push(Buffer.from('abc'))).toEqual([{ channel: 1, data: Buffer.from('abc'), isLast: false }]);
  });
});
