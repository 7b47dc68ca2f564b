import type { EgressState, Isolation, ProbeResult, SandboxLimits, SandboxState } from '../../ports/sandbox-provider.js';
import type { Host } from './host.js';

/** From the weakest: all of several hosts together are as strong as the weakest of them. */
const BY_STRENGTH: readonly Isolation[] = ['none', 'namespaces', 'wasm', 'gvisor', 'vm'];

type GoodProbe = Extract<ProbeResult, { ok: true }>;

export function combinedProbe(all: readonly Host[], usable: readonly Host[]): ProbeResult {
  const probes = usable.flatMap(({ report }) => (report?.probe.ok ? [report.probe] : []));
  const [first] = probes;
  if (first === undefined) {
    const reasons = all.map((host) => `${host.name}: ${reasonOf(host)}`);
    return { ok: false, reason: `No sandbox host is available. ${reasons.join(' ')}` };
  }
  return {
    ok: true,
    isolation: BY_STRENGTH.find((isolation) => probes.some((probe) => probe.isolation === isolation)) ?? 'none',
    python: first.python,
    modules: inAll(probes, first.modules, ({ modules }) => modules),
    enforces: inAll(probes, first.enforces, ({ enforces }) => enforces),
  };
}

/** The pools of the hosts that were heard of last, together; undefined where none was heard of yet. */
export function combinedState(all: readonly Host[], limits: SandboxLimits): SandboxState | undefined {
  const states = all.flatMap(({ isUsable, report }) => (isUsable && report?.state ? [report.state] : []));
  if (states.length === 0) return undefined;
  const pools = states.map(({ pool }) => pool);
  const sum = (count: 'size' | 'ready' | 'served' | 'missed'): number =>
    pools.reduce((total, pool) => total + pool[count], 0);
  return {
    limits,
    egress: combinedEgress(states.map(({ egress }) => egress)),
    pool: {
      ...{ size: sum('size'), ready: sum('ready'), served: sum('served'), missed: sum('missed') },
      lastFailure: pools.find(({ lastFailure }) => lastFailure !== null)?.lastFailure ?? null,
    },
  };
}

/** A session comes to any of the hosts: what not all of them let through in the same way counts as refused. */
function combinedEgress(each: readonly EgressState[]): EgressState {
  const [first, ...others] = each.map(({ rules }) => rules);
  const isSame = others.every((rules) => JSON.stringify(rules) === JSON.stringify(first));
  const sum = (count: 'allowed' | 'refused'): number => each.reduce((total, egress) => total + egress[count], 0);
  return {
    isSupported: each.every(({ isSupported }) => isSupported),
    rules: isSame ? (first ?? []) : [],
    ...{ allowed: sum('allowed'), refused: sum('refused') },
  };
}

function reasonOf({ failure, report }: Host): string {
  if (failure !== undefined) return failure;
  return report?.probe.ok === false ? report.probe.reason : 'It was not asked.';
}

function inAll<Value>(
  probes: readonly GoodProbe[],
  first: Value[],
  of: (probe: GoodProbe) => readonly Value[],
): Value[] {
  return first.filter((value) => probes.every((probe) => of(probe).includes(value)));
}
