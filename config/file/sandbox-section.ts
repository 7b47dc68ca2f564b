import type { Fields } from './fields.js';

/** What the code of a project may reach. */
export interface FileEgressRule {
  /** A project's id, or `*` for all that have no rule of their own. */
  readonly project: string;
  /** `host:port` or `*.domain:port`, lower case. */
  readonly hosts: readonly string[];
  /** Whether these names may lead to private addresses. */
  readonly privateAddresses: boolean;
  /** Of one session, both ways together. */
  readonly maxMegabytes: number;
}

/** The section `sandbox`. */
export interface SandboxSection {
  readonly egress: readonly FileEgressRule[];
}

export const NO_SANDBOX_SECTION: SandboxSection = { egress: [] };

const DEFAULT_MEGABYTES = 1024;
const MOST_MEGABYTES = 1_000_000;
const HOST = /^((\*\.)?(?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\]):([1-9]\d{0,4})$/;
const LAST_PORT = 65_535;

export function readSandboxSection(fields: Fields): SandboxSection {
  const egress = fields.entries('egress').map(([project, each]) => readRule(project, each));
  fields.end();
  return { egress };
}

function readRule(project: string, fields: Fields): FileEgressRule {
  const hosts = (fields.required('hosts', fields.texts('hosts')) ?? []).map((host) => host.toLowerCase());
  for (const [index, host] of hosts.entries()) {
    if (!isHost(host)) fields.problem(`hosts[${index}]`, 'must be host:port or *.domain:port');
  }
  const rule = {
    ...{ project, hosts },
    privateAddresses: fields.flag('private_addresses') ?? false,
    maxMegabytes: fields.number('max_mb', { min: 1, max: MOST_MEGABYTES, whole: true }) ?? DEFAULT_MEGABYTES,
  };
  fields.end();
  return rule;
}

function isHost(text: string): boolean {
  return Number(HOST.exec(text)?.[3] ?? LAST_PORT + 1) <= LAST_PORT;
}
