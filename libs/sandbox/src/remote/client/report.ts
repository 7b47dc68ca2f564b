import type { EgressState, EnforcedLimit, ProbeResult, SandboxState } from '../../ports/sandbox-provider.js';
import {
  allLimitsOf,
  choiceOf,
  fieldsOf,
  listOf,
  textOf,
  truthOf,
  wholeNumberOf,
  type Fields,
} from '../wire/checks.js';
import { printable } from '../wire/printable.js';
import { WIRE_LIMITS, type HostReport, type HostSession } from '../wire/wire.js';

const ISOLATIONS = ['vm', 'gvisor', 'namespaces', 'wasm', 'none'] as const;
const LIMITS = [
  ...(['time', 'memory', 'pids', 'cpu', 'disk', 'file_size', 'network', 'output'] as const),
] satisfies readonly EnforcedLimit[];
const MOST_MODULES = 500;
const MOST_SESSIONS = 100_000;
/** The model is told of modules: nothing else may pass for one. */
const MODULE = /^[A-Za-z_][\w.]{0,63}$/;
/** The model is told of these, too. */
const HOST = /^(\*\.)?([a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\]):\d{1,5}$/;
const MOST_RULES = 1_000;
const VERSION = /^\d[\w.+]{0,31}$/;
const NAME = /^[\w-]{1,64}$/;

/** @throws WireError for what no sound host says */
export function readReport(fields: Fields): HostReport {
  return {
    boot: textOf(fields, 'boot', WIRE_LIMITS.nameCharacters),
    provider: plain(textOf(fields, 'provider', WIRE_LIMITS.nameCharacters), NAME),
    probe: readProbe(fieldsOf(fields['probe'])),
    state: fields['state'] === null ? null : readState(fieldsOf(fields['state'])),
    sessions: wholeNumberOf(fields, 'sessions'),
    busySessions: wholeNumberOf(fields, 'busySessions'),
    maxSessions: wholeNumberOf(fields, 'maxSessions'),
  };
}

function readProbe(fields: Fields): ProbeResult {
  if (!truthOf(fields, 'ok')) return { ok: false, reason: message(textOf(fields, 'reason', WIRE_LIMITS.lineBytes)) };
  return {
    ok: true,
    isolation: choiceOf(fields, 'isolation', ISOLATIONS),
    python: plain(textOf(fields, 'python', WIRE_LIMITS.nameCharacters), VERSION),
    modules: listOf(fields, 'modules', MOST_MODULES).filter(
      (name): name is string => typeof name === 'string' && MODULE.test(name),
    ),
    enforces: LIMITS.filter((limit) => listOf(fields, 'enforces', MOST_MODULES).includes(limit)),
  };
}

function readState(fields: Fields): SandboxState {
  const pool = fieldsOf(fields['pool']);
  const { lastFailure } = pool;
  return {
    limits: allLimitsOf(fields['limits']),
    egress: readEgress(fieldsOf(fields['egress'])),
    pool: {
      size: wholeNumberOf(pool, 'size'),
      ready: wholeNumberOf(pool, 'ready'),
      served: wholeNumberOf(pool, 'served'),
      missed: wholeNumberOf(pool, 'missed'),
      lastFailure: typeof lastFailure === 'string' ? message(lastFailure) : null,
    },
  };
}

function readEgress(fields: Fields): EgressState {
  return {
    isSupported: truthOf(fields, 'isSupported'),
    rules: listOf(fields, 'rules', MOST_RULES).map((entry) => {
      const rule = fieldsOf(entry);
      return {
        tenantId: message(textOf(rule, 'tenantId', WIRE_LIMITS.nameCharacters)),
        hosts: listOf(rule, 'hosts', MOST_RULES).filter(
          (host): host is string => typeof host === 'string' && HOST.test(host),
        ),
        allowsPrivate: truthOf(rule, 'allowsPrivate'),
      };
    }),
    allowed: wholeNumberOf(fields, 'allowed'),
    refused: wholeNumberOf(fields, 'refused'),
  };
}

export function readSessions(fields: Fields): HostSession[] {
  return listOf(fields, 'sessions', MOST_SESSIONS).map((entry) => {
    const session = fieldsOf(entry);
    return {
      id: plain(textOf(session, 'id', WIRE_LIMITS.nameCharacters), NAME),
      tenantId: message(textOf(session, 'tenantId', WIRE_LIMITS.nameCharacters)),
      createdAt: wholeNumberOf(session, 'createdAt', MOST_MILLISECONDS),
      lastUsedAt: wholeNumberOf(session, 'lastUsedAt', MOST_MILLISECONDS),
      isBusy: truthOf(session, 'isBusy'),
    };
  });
}

/** The last moment that a Date can name. */
const MOST_MILLISECONDS = 8_640_000_000_000_000;

function plain(text: string, pattern: RegExp): string {
  return pattern.test(text) ? text : 'unknown';
}

function message(text: string): string {
  return printable(text, WIRE_LIMITS.messageCharacters);
}
