import { SandboxError } from '../ports/sandbox-provider.js';

export interface DenoPlan {
  /** Folder of Pyodide's files. */
  pyodide: string;
  /** Folder of our own programs for Deno, and the one to start. */
  runtime: string;
  program: string;
  /** The one folder that the code may write. */
  workspace: string;
}

/** V8's own heap, in MB; the interpreter's memory is WebAssembly's, which this does not count. */
const MAX_HEAP_MB = 512;

/**
 * Deno's arguments: whatever is not named is denied, and nobody is asked. A denial is stronger than any allowance.
 * Modules come from the two folders only: Deno would else load some hosts' without a permission.
 */
export function denoArguments(plan: DenoPlan): string[] {
  return [
    'run',
    ...['--no-prompt', '--no-config', '--no-lock', '--no-remote', '--no-npm', '--cached-only', '--no-code-cache'],
    ...['--deny-net', '--deny-env', '--deny-run', '--deny-ffi', '--deny-sys', '--deny-import'],
    `--allow-read=${pathList(plan.pyodide, plan.runtime, plan.workspace)}`,
    `--allow-write=${pathList(plan.workspace)}`,
    `--v8-flags=--max-old-space-size=${MAX_HEAP_MB}`,
    plan.program,
  ];
}

/** A comma separates paths, and cannot be escaped: a path with one would allow other paths. */
function pathList(...paths: string[]): string {
  const withComma = paths.find((path) => path.includes(','));
  if (withComma !== undefined) throw new SandboxError(`Deno cannot be confined to a path with a comma: ${withComma}`);
  return paths.join(',');
}
