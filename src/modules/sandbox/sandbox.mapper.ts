import { toUnixSeconds } from '@libs/kernel';
import type { EgressState, PoolState, SandboxLimits } from '@libs/sandbox';
import type {
  SandboxDto,
  SandboxEgressDto,
  SandboxLimitsDto,
  SandboxPlaceDto,
  SandboxPoolDto,
  SandboxSessionDto,
} from './dto/sandbox.dto.js';
import type { SandboxPlace } from './installation/sandbox-place.js';
import type { SessionView } from './sessions/sandbox-sessions.js';

export function toWireSandbox(places: readonly [own: SandboxPlace, ...others: SandboxPlace[]]): SandboxDto {
  const [own] = places;
  const sessions = places.flatMap((place) => place.sessions.map((session) => toWireSession(place, session)));
  return {
    object: 'sandbox',
    ...toWireState(own),
    modules: own.probe.ok ? own.probe.modules : [],
    processes: places.map(toWirePlace),
    sessions: sessions.sort((one, other) => one.last_used_at - other.last_used_at),
  };
}

function toWirePlace(place: SandboxPlace): SandboxPlaceDto {
  return { id: place.id, role: place.role, ...toWireState(place), sessions: place.sessions.length };
}

function toWireState({ provider, probe, state }: SandboxPlace): Omit<SandboxPlaceDto, 'id' | 'role' | 'sessions'> {
  return {
    provider,
    available: probe.ok,
    reason: probe.ok ? null : probe.reason,
    tier: probe.ok ? probe.isolation : null,
    python: probe.ok ? probe.python : null,
    enforces: probe.ok ? probe.enforces : [],
    limits: state === undefined ? null : toWireLimits(state.limits),
    pool: state === undefined ? null : toWirePool(state.pool),
    egress: state === undefined ? null : toWireEgress(state.egress),
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

function toWireEgress({ isSupported, rules, allowed, refused }: EgressState): SandboxEgressDto {
  return {
    in_force: isSupported && rules.length > 0,
    rules: rules.map(({ tenantId, hosts, allowsPrivate }) => ({
      ...{ project_id: tenantId, hosts: [...hosts], private_addresses: allowsPrivate },
    })),
    ...{ allowed_requests: allowed, refused_requests: refused },
  };
}

function toWireSession(place: SandboxPlace, session: SessionView): SandboxSessionDto {
  return {
    id: session.id,
    object: 'sandbox.session',
    project_id: session.projectId,
    process: place.id,
    created_at: toUnixSeconds(session.createdAt),
    last_used_at: toUnixSeconds(session.lastUsedAt),
    status: session.isBusy ? 'running' : 'idle',
  };
}
