/**
 * The trusted half of the Deno process: reads the host's lines and hands them to the interpreter's thread. It stays
 * free for that while the code runs, which is how a running cell can be interrupted.
 */
import { createLines } from './lines.mjs';

const INTERRUPT = 2;
const interrupts = new Int32Array(new SharedArrayBuffer(4));
let interpreter;

for await (const line of createLines(Deno.stdin.readable)) {
  const request = JSON.parse(line);
  if (interpreter === undefined) interpreter = startInterpreter(request);
  else if (request === 'interrupt') Atomics.store(interrupts, 0, INTERRUPT);
  else interpreter.postMessage(request);
}
// The host has gone.
Deno.exit(0);

function startInterpreter(setup) {
  const worker = new Worker(new URL('./interpreter.mjs', import.meta.url), { type: 'module' });
  worker.onerror = () => Deno.exit(1);
  worker.onmessage = () => Deno.exit(1);
  worker.postMessage({ ...setup, interrupts });
  return worker;
}
