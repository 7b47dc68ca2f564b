import type { Readable } from 'node:stream';

const MAX_CHARACTERS = 600;

/** Keeps the beginning of a stream; bounded, so it may listen on. */
export class StartLog {
  text = '';

  constructor(stream: Readable) {
    const collect = (chunk: Buffer): void => {
      this.text = (this.text + chunk.toString('utf8')).slice(0, MAX_CHARACTERS);
    };
    stream.on('data', collect);
  }
}
