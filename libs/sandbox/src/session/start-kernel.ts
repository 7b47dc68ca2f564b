import { sleep } from '@libs/kernel';
import { SandboxError } from '../ports/sandbox-provider.js';
import { KernelLink } from '../protocol/kernel-link.js';
import type { KernelProcess } from '../protocol/kernel-process.js';

/**
 * Starts a kernel and waits until it can take a call.
 * @throws SandboxError if it dies or does not get ready in time; what it wrote is the error's cause.
 */
export async function startKernel(spawn: () => Promise<KernelProcess>, timeoutMs: number): Promise<KernelLink> {
  const link = new KernelLink(await spawn());
  const timer = new AbortController();
  const winner = await Promise.race([
    link.ready.then(() => 'ready' as const),
    link.process.ended.then(() => 'ended' as const),
    sleep(timeoutMs, timer.signal).then(() => 'late' as const),
  ]);
  timer.abort();
  if (winner === 'ready') return link;
  await link.process.kill('unknown');
  await link.drained();
  throw new SandboxError('The sandbox could not start an interpreter.', {
    cause: new Error(
      winner === 'late' ? 'It was not ready in time.' : link.process.startLog.trim() || 'It ended at once.',
    ),
  });
}
