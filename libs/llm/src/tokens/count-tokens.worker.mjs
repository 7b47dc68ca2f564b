import { parentPort } from 'node:worker_threads';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';

// Plain JavaScript, because a worker thread runs from the sources as well as from dist.
const encoder = new Tiktoken(o200k);
const WITHOUT_SPECIAL_TOKENS = [];

parentPort.on('message', ({ id, pieces }) => {
  const tokens = pieces.reduce(
    (sum, piece) => sum + encoder.encode(piece, WITHOUT_SPECIAL_TOKENS, WITHOUT_SPECIAL_TOKENS).length,
    0,
  );
  parentPort.postMessage({ id, tokens });
});
