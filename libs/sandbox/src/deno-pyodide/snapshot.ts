import { once } from 'node:events';
import type { PyodideFiles } from './find-packages.js';
import { spawnDeno, type DenoCommand } from './spawn-deno.js';

const MAKING_TIMEOUT_MS = 120_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** By Pyodide's folder: one is enough for every provider of this process. */
const snapshots = new Map<string, Promise<Buffer | undefined>>();

/** As `makeSnapshot`, but made once; one that failed is tried again by whoever wants it next. */
export function sharedSnapshot(...[command, pyodide, signal]: SnapshotWish): Promise<Buffer | undefined> {
  const present = snapshots.get(pyodide.folder);
  if (present !== undefined) return present;
  const making = makeSnapshot(command, pyodide, signal);
  snapshots.set(pyodide.folder, making);
  void making.then((made) => {
    if (made === undefined) snapshots.delete(pyodide.folder);
  });
  return making;
}

type SnapshotWish = Parameters<typeof makeSnapshot>;

/**
 * The memory of an interpreter that has just started: one that begins with it is ready in a tenth of the time. No code
 * of a user has run in it. Undefined where it cannot be made, and then interpreters start from nothing.
 */
async function makeSnapshot(
  command: DenoCommand,
  pyodide: PyodideFiles,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const child = spawnDeno(command);
  const end = (): void => void child.kill('SIGKILL');
  const stop = AbortSignal.any([signal, AbortSignal.timeout(MAKING_TIMEOUT_MS)]);
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  child.stdin.on('error', () => undefined).end(`${JSON.stringify({ pyodide })}\n`);
  child.stderr.resume();
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MOST_BYTES) end();
  });
  // 'error' makes once() reject: the program could not be started at all.
  const [code] = (await once(child, 'close').catch(() => [undefined])) as [number | null | undefined];
  stop.removeEventListener('abort', end);
  return code === 0 && bytes > 0 ? Buffer.concat(chunks) : undefined;
}
