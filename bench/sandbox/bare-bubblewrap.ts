import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const BUBBLEWRAP = '/usr/bin/bwrap';
/** Namespaces around the host's own files, and nothing else of what makes a sandbox. */
const CONFINEMENT = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];

/** Milliseconds of `bwrap python3 -c CODE`, from its start to its end. */
export async function timeBareBubblewrap(python: string, code: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(BUBBLEWRAP, [...CONFINEMENT, python, '-I', '-c', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const duration = performance.now() - startedAt;
  if (child.exitCode !== 0 || output === '') throw new Error(`bwrap python3 ended with ${child.exitCode}.`);
  return duration;
}
