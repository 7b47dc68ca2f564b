import { parentPort } from 'node:worker_threads';
import { all, create } from 'mathjs';

// Plain JavaScript, because a worker thread runs from the sources as well as from dist.
const math = create(all, { number: 'number' });
const { evaluate, format } = math;

// What reaches the parser or the library itself from inside an expression (mathjs.org/docs/expressions/security.html).
const CLOSED = [
  'import',
  'createUnit',
  'reviver',
  'evaluate',
  'parse',
  'parser',
  'compile',
  'config',
  'simplify',
  'derivative',
  'rationalize',
  'resolve',
  'help',
];
const refuse = (name) => () => {
  throw new Error(`The function ${name} is not available.`);
};
math.import(Object.fromEntries(CLOSED.map((name) => [name, refuse(name)])), { override: true });

const PRECISION = 14;

parentPort.on('message', ({ expression }) => {
  try {
    parentPort.postMessage({ text: format(evaluate(expression, {}), { precision: PRECISION }) });
  } catch (error) {
    parentPort.postMessage({ problem: String(error?.message ?? error) });
  }
});

parentPort.postMessage({ ready: true });
