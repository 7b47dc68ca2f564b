import { readFileSync } from 'node:fs';

/** Where the kernel's Python program runs; each has a transport of its own around the same cells. */
export type KernelHost = 'process' | 'wasm';

const TRANSPORT = { process: 'serve.py', wasm: 'wasm.py' } as const;

/** The kernel's whole program. */
export function kernelSource(host: KernelHost): string {
  return `${readPython('kernel.py')}\n${readPython('streams.py')}\n${readPython(TRANSPORT[host])}`;
}

function readPython(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}
