import { parentPort } from 'node:worker_threads';
import { measureText } from './measure-text.mjs';

// Plain JavaScript, because a worker thread runs from the sources as well as from dist.
parentPort.on('message', ({ id, text }) => {
  const { ends, tokens } = measureText(text);
  parentPort.postMessage({ id, ends, tokens }, [ends.buffer, tokens.buffer]);
});
