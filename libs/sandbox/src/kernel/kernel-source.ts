import { readFileSync } from 'node:fs';

function readPython(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}

/** What runs a cell, without a transport: the Python program that both kernels share. */
export function sharedKernelSource(): string {
  return readPython('kernel.py');
}

/** The whole program of a kernel that is a process of its own. */
export function processKernelSource(): string {
  return `${readPython('kernel.py')}\n${readPython('serve.py')}`;
}
