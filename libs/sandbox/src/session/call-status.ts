import { assertNever } from '@libs/kernel';
import type { DeathCause } from '../protocol/kernel-process.js';
import type { KernelStatus } from '../protocol/kernel-message.js';
import type { SandboxLimits, SandboxStatus } from '../ports/sandbox-provider.js';

/** Why the host itself stopped a call. */
export type StopCause = 'timeout' | 'cancelled' | 'flood';

export interface CallFacts {
  /** Set as soon as the host decided to stop the call. */
  stopped: StopCause | undefined;
  /** The kernel's own word; undefined where it died first. */
  claimed: KernelStatus | undefined;
  /** Set if the kernel died during the call. */
  death: DeathCause | undefined;
  outputCut: boolean;
  /** The workspace has no room left. */
  diskFull: boolean;
}

export interface CallVerdict {
  status: SandboxStatus;
  message?: string;
}

/** The status of a call. What the host did or saw goes before what the kernel claims. */
export function decideStatus(
  facts: CallFacts,
  limits: Pick<SandboxLimits, 'maxOutputBytes' | 'memoryBytes'> & { timeoutMs: number },
): CallVerdict {
  const cut = `Output beyond ${limits.maxOutputBytes} bytes was cut.`;
  switch (facts.stopped) {
    case 'timeout':
      return { status: 'timeout', message: `The code ran longer than ${limits.timeoutMs / 1000} s and was stopped.` };
    case 'cancelled':
      return { status: 'cancelled', message: 'The call was cancelled.' };
    case 'flood':
      return { status: 'output_limit', message: `${cut} The code did not end its output and was stopped.` };
    case undefined:
      break;
    default:
      assertNever(facts.stopped);
  }
  if (facts.death !== undefined) return decideDeath(facts.death, limits.memoryBytes);
  if (facts.claimed !== 'ok' && facts.diskFull) {
    return { status: 'disk_limit', message: 'The workspace is full.' };
  }
  if (facts.claimed !== 'ok') return { status: 'error' };
  return facts.outputCut ? { status: 'output_limit', message: cut } : { status: 'ok' };
}

function decideDeath(cause: DeathCause, memoryBytes: number): CallVerdict {
  switch (cause) {
    case 'memory':
      return { status: 'oom', message: `The code needed more than ${Math.floor(memoryBytes / 2 ** 20)} MB of memory.` };
    case 'disk':
      return { status: 'disk_limit', message: 'The code wrote more than the workspace holds.' };
    case 'processor':
      return { status: 'timeout', message: 'The interpreter used up its processor time and was ended.' };
    case 'unknown':
      return { status: 'crashed', message: 'The interpreter died.' };
    default:
      return assertNever(cause);
  }
}
