/** What the code of one project may reach. */
export interface EgressRule {
  /** `host:port`, and `*.domain:port` for whatever is below a domain. Lower case. */
  hosts: readonly string[];
  /** Whether names may lead to private addresses and to this machine. */
  allowsPrivate: boolean;
  /** Of all connections of one session together, both ways. */
  maxBytes: number;
}

/** The rule of every project that has none of its own. */
export const ANY_TENANT = '*';

export interface EgressOptions {
  /** By tenant; a tenant's own rule stands in the place of that for all. */
  rules: ReadonlyMap<string, EgressRule>;
  /** Whether an address that a name led to may be dialled. */
  mayDial: (address: string, allowsPrivate: boolean) => boolean;
  /** Told of each request, once it is over. */
  onRequest: (record: EgressRecord) => void;
}

/** One request of code for the network. Host and port are the code's words, unless they were allowed. */
export interface EgressRecord {
  tenantId: string;
  sessionId: string;
  host: string;
  port: number | null;
  verdict: 'allowed' | 'refused' | 'failed';
  /** Why it was refused or failed; null if it was not. */
  reason: EgressReason | null;
  bytesOut: number;
  bytesIn: number;
  milliseconds: number;
}

export type EgressReason =
  /** No rule names it. */
  | 'not allowed'
  /** A rule names it, but it leads to where code may not go. */
  | 'private address'
  | 'unreachable'
  /** The session's bytes or connections are used up. */
  | 'limit'
  /** That was no request that a proxy could carry out. */
  | 'malformed';

/** The rule that holds for a tenant; undefined: no network at all. */
export function ruleFor(rules: EgressOptions['rules'], tenantId: string): EgressRule | undefined {
  const rule = rules.get(tenantId) ?? rules.get(ANY_TENANT);
  return rule === undefined || rule.hosts.length === 0 ? undefined : rule;
}

/** Whether the rule names the host at the port. A name below a domain is not the domain itself. */
export function isNamed({ hosts }: EgressRule, host: string, port: number): boolean {
  return hosts.some((pattern) => {
    const at = pattern.lastIndexOf(':');
    const name = pattern.slice(0, at);
    if (pattern.slice(at + 1) !== String(port)) return false;
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length >= name.length : host === name;
  });
}
