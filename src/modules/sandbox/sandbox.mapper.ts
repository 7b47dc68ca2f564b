import { toUnixSeconds } from '@libs/kernel';
import type { PoolState, SandboxLimits } from '@libs/sandbox';
import type { SandboxDto, SandboxLimitsDto, SandboxPoolDto, SandboxSessionDto } from './dto/sandbox.dto.js';
import type { SandboxOverview } from './sandbox.service.js';
import type { LiveSession } from './sessions/live-session.js';

export function toWireSandbox({ provider, probe, state, sessions }: SandboxOverview): SandboxDto {
  return {
    object: 'sandbox',
    provider,
    available: probe.ok,
    reason: probe.ok ? null : probe.reason,
    tier: probe.ok ? probe.isolation : null,
    python: probe.ok ? probe.python : null,
    modules: probe.ok ? probe.modules : [],
    enforces: probe.ok ? probe.enforces : [],
    limits: state === undefined ? null : toWireLimits(state.limits),
    pool: state === undefined ? null : toWirePool(state.pool),
    sessions: sessions.map(toWireSession),
  };
}

function toWireLimits(limits: SandboxLimits): SandboxLimitsDto {
  return {
    timeout_seconds: limits.timeoutMs / 1000,
    output_bytes: limits.maxOutputBytes,
    memory_bytes: limits.memoryBytes,
    processes: limits.maxProcesses,
    file_bytes: limits.maxFileBytes,
    workspace_bytes: limits.maxWorkspaceBytes,
    workspace_files: limits.maxWorkspaceFiles,
  };
}

function toWirePool({ size, ready, served, missed, lastFailure }: PoolState): SandboxPoolDto {
  return { size, ready, served, missed, last_failure: lastFailure };
}

function toWireSession({ id, projectId, createdAt, lastUsedAt, turns }: LiveSession): SandboxSessionDto {
  return {
    id,
    object: 'sandbox.session',
    project_id: projectId,
    created_at: toUnixSeconds(createdAt),
    last_used_at: toUnixSeconds(lastUsedAt),
    status: turns.isBusy ? 'running' : 'idle',
  };
}
