import { createRequire } from 'node:module';
import type Docker from 'dockerode';
import { errorMessage } from '@libs/kernel';
import { answered } from './answered.js';
import { SandboxError, type EnforcedLimit } from '../ports/sandbox-provider.js';

export interface EngineFacts {
  isPodman: boolean;
  /** Limits that this engine's machine can hold. */
  enforces: EnforcedLimit[];
}

/**
 * An engine that speaks Docker's API.
 * @param address A socket's path, or `unix:///path`, `tcp://host:port` or `http://host:port`.
 * @throws SandboxError for any other address.
 */
export function openEngine(address: string): Docker {
  // Loaded here and not above: it brings SSH and gRPC along, which would cost every start that has no container engine.
  const Engine = createRequire(import.meta.url)('dockerode') as typeof Docker;
  if (address.startsWith('/')) return new Engine({ socketPath: address });
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'unix:') return new Engine({ socketPath: url.pathname });
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:') {
    return new Engine({ protocol: 'http', host: url.hostname, port: url.port || '2375' });
  }
  throw new SandboxError(`${address} is no address of a Docker engine: a socket's path, unix:// or tcp:// is.`);
}

/** @throws SandboxError if the engine does not answer. */
export async function inspectEngine(engine: Docker, patienceMs: number): Promise<EngineFacts> {
  try {
    const [version, info] = (await answered(Promise.all([engine.version(), engine.info()]), patienceMs)) as [
      VersionAnswer,
      InfoAnswer,
    ];
    const enforces: EnforcedLimit[] = [];
    if (info.MemoryLimit) enforces.push('memory');
    if (info.PidsLimit) enforces.push('pids');
    if (info.CpuCfsQuota) enforces.push('cpu');
    const isPodman = version.Components?.some(({ Name }) => Name.includes('Podman')) ?? false;
    return { isPodman, enforces };
  } catch (error) {
    throw new SandboxError('The container engine does not answer.', { cause: new Error(errorMessage(error)) });
  }
}

interface VersionAnswer {
  Components?: { Name: string }[];
}

interface InfoAnswer {
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  CpuCfsQuota?: boolean;
}
