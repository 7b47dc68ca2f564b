/** Starts an interpreter, and writes out its memory: others begin with that, in a tenth of the time. */
import { Input } from './input.mjs';
import { startOptions } from './start-options.mjs';

/** What the kernel and most tracebacks need. `random` must not be among them: it keeps its seed in memory. */
const IMPORTS = 'import ast, json, linecache, os, time, traceback, types, warnings';

const { pyodide } = JSON.parse(await new Input(Deno.stdin.readable).line());
const { loadPyodide } = await import(`${pyodide.url}pyodide.mjs`);
const python = await loadPyodide({ ...startOptions(pyodide), _makeSnapshot: true });
python.runPython(IMPORTS, { globals: python.toPy({}) });
let bytes = python.makeMemorySnapshot();
while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
Deno.exit(0);
