import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import { errorMessage } from '@libs/kernel';
import { seccompFilter, type Architecture } from '../bubblewrap/seccomp/filter.js';
import type { EgressProxy } from '../egress/egress-proxy.js';
import { EGRESS_ENVIRONMENT, KERNEL_ENVIRONMENT } from '../kernel/environment.js';
import { kernelSource } from '../kernel/kernel-source.js';
import { SandboxError, type SandboxLimits } from '../ports/sandbox-provider.js';
import { ownerName } from '../workspace/owner.js';
import type { Room } from '../workspace/room.js';
import { answered } from './answered.js';
import { containerOptions } from './container-options.js';
import { ContainerProcess } from './container-process.js';
import { relaySource } from './relay/relay-source.js';
import { removeContainer } from './remove-container.js';

export interface ContainerStart {
  image: string;
  runtime: string | undefined;
  isPodman: boolean;
  room: Room;
  limits: SandboxLimits;
  /** Modules that the kernel imports before it says that it is ready. */
  preload: readonly string[];
  /** The session's way out, where it has one. */
  proxy: EgressProxy | undefined;
  /** Time that the engine has for each answer. */
  patienceMs: number;
}

const MAX_DESCRIPTORS = 256;
/** With less, pandas and matplotlib do not start: address space is reserved that is never used. */
const LEAST_DATA_BYTES = 512 * 1024 * 1024;
const ATTACH = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true } as const;

/**
 * Makes a container with a kernel in it and attaches to it before it starts, so that nothing it says is lost.
 * @throws SandboxError if the engine refuses; nothing is left then.
 */
export async function startContainer(engine: Docker, start: ContainerStart): Promise<ContainerProcess> {
  const { room, limits } = start;
  const mark = `.mark-${randomBytes(8).toString('hex')}`;
  let container: Container | undefined;
  try {
    await writeFile(join(room.scratch, mark), '', { flag: 'wx' });
    const creating = engine.createContainer(
      containerOptions({
        ...start,
        relay: relaySource(),
        owner: ownerName(),
        user: room.owner ?? ownUser(),
        isOwnUser: room.owner !== undefined,
        data: room.data,
        scratch: room.scratch,
        proxySocket: start.proxy?.socket,
        filesInMemoryBytes: room.quotaHeld ? limits.maxWorkspaceBytes : 0,
      }),
    );
    container = await answered(creating, start.patienceMs, (late) => removeContainer(late, start.patienceMs));
    return await attachAndStart(container, start, mark);
  } catch (error) {
    if (container) await removeContainer(container, start.patienceMs).catch(() => undefined);
    await rm(join(room.scratch, mark), { force: true });
    throw new SandboxError('The container engine could not start an interpreter.', {
      cause: new Error(errorMessage(error)),
    });
  }
}

async function attachAndStart(container: Container, start: ContainerStart, mark: string): Promise<ContainerProcess> {
  const { patienceMs } = start;
  const attached = (await answered(container.attach(ATTACH), patienceMs, (late) => late.end())) as Duplex;
  await answered(container.start(), patienceMs);
  const kernel = new ContainerProcess(container, attached, patienceMs);
  attached.write(requestsOf(start, mark));
  await kernel.watchMemory();
  return kernel;
}

/** What the relay reads first. The line before it ends what the engine itself has written to the container's input. */
function requestsOf({ limits, preload, proxy }: ContainerStart, mark: string): string {
  const filterFor = (architecture: Architecture): string =>
    seccompFilter(architecture, proxy === undefined ? 'local' : 'tcp').toString('base64');
  const setup = {
    kernel: kernelSource('process'),
    environment: { ...KERNEL_ENVIRONMENT, ...(proxy && EGRESS_ENVIRONMENT) },
    filters: { x86_64: filterFor('x64'), aarch64: filterFor('arm64') },
    mark: `/tmp/${mark}`,
  };
  const kernelLimits = {
    fileBytes: limits.maxFileBytes,
    descriptors: MAX_DESCRIPTORS,
    dataBytes: Math.max(LEAST_DATA_BYTES, limits.memoryBytes),
  };
  const limitStrings = Object.entries(kernelLimits).flatMap(([name, value]) => [name, String(value)]);
  return ['', setup, limitStrings, preload].map((line) => (line === '' ? '\n' : `${JSON.stringify(line)}\n`)).join('');
}

/** The server's own user, who is not root where this is asked. */
function ownUser(): { uid: number; gid: number } {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}
