import { runInNewContext } from 'node:vm';
import { all, create } from 'mathjs';

// Plain JavaScript, because this process is started from the sources as well as from dist.
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
/** In characters: more is nothing that a model reads, and would keep the server busy. */
const LONGEST_ANSWER = 100_000;
/** Behind the server's own limit: it ends an expression whose server has died meanwhile. */
const TIME_LIMIT_MS = 5000;

process.on('message', ({ expression }) => {
  process.send(answerTo(expression));
});
process.on('disconnect', () => process.exit());

function answerTo(expression) {
  const work = () => format(evaluate(expression, {}), { precision: PRECISION });
  try {
    const text = String(runInNewContext('work()', { work }, { timeout: TIME_LIMIT_MS }));
    return { text: text.slice(0, LONGEST_ANSWER) };
  } catch (error) {
    return { problem: String(error?.message ?? error).slice(0, LONGEST_ANSWER) };
  }
}

process.send({ ready: true });
