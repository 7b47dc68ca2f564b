import { readFileSync } from 'node:fs';

/** Where the kernel's Python program runs; each has a transport of its own around the same cells. */
export type KernelHost = 'process' | 'wasm';

const SHARED = ['kernel.py', 'streams.py'];
const TRANSPORT = { process: ['forward.py', 'serve.py'], wasm: ['wasm.py'] } as const;

/** The kernel's whole program. */
export function kernelSource(host: KernelHost): string {
  return [...SHARED, ...TRANSPORT[host]].map(readPython).join('\n');
}

function readPython(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}
