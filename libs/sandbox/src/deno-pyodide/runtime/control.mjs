/**
 * The trusted half of the Deno process: reads the host's lines and hands them to the interpreter's thread. It stays
 * free for that while the code runs, which is how a running cell can be interrupted.
 */
import { Input } from './input.mjs';

const INTERRUPT = 2;
const interrupts = new Int32Array(new SharedArrayBuffer(4));
const input = new Input(Deno.stdin.readable);

const interpreter = await startInterpreter(JSON.parse(await input.line()));
for (let line = await input.line(); line !== undefined; line = await input.line()) {
  const request = JSON.parse(line);
  if (request === 'interrupt') Atomics.store(interrupts, 0, INTERRUPT);
  else interpreter.postMessage(request);
}
// The host has gone.
Deno.exit(0);

async function startInterpreter({ snapshotBytes, ...setup }) {
  const snapshot = snapshotBytes > 0 ? await input.bytes(snapshotBytes) : undefined;
  const worker = new Worker(new URL('./interpreter.mjs', import.meta.url), { type: 'module' });
  worker.onerror = () => Deno.exit(1);
  worker.onmessage = () => Deno.exit(1);
  worker.postMessage({ ...setup, snapshot, interrupts }, snapshot === undefined ? [] : [snapshot.buffer]);
  return worker;
}
