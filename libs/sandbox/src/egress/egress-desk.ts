import type { AcquireRequest, EgressState } from '../ports/sandbox-provider.js';
import { PROBE_TENANT } from '../session/probe-session.js';
import { EgressSession } from './egress-session.js';
import { ruleFor, type EgressOptions, type EgressRecord } from './egress-policy.js';

/** Knows the rules, and counts what came of them. */
export class EgressDesk {
  private allowed = 0;
  private refused = 0;

  constructor(private readonly options: EgressOptions | undefined) {}

  /** The session's own dealings with the network; undefined where it may have none. */
  sessionFor({ tenantId, workspaceId, sessionId = workspaceId }: AcquireRequest): EgressSession | undefined {
    const { options } = this;
    const rule = options && tenantId !== PROBE_TENANT ? ruleFor(options.rules, tenantId) : undefined;
    if (options === undefined || rule === undefined) return undefined;
    const onRequest = (record: EgressRecord): void => {
      if (record.verdict === 'refused') this.refused += 1;
      else this.allowed += 1;
      options.onRequest(record);
    };
    return new EgressSession({ tenantId, sessionId, rule }, { mayDial: options.mayDial, onRequest });
  }

  state(isSupported: boolean): EgressState {
    const { allowed, refused } = this;
    const rules = [...(this.options?.rules ?? [])].map(([tenantId, { hosts, allowsPrivate }]) => ({
      ...{ tenantId, hosts, allowsPrivate },
    }));
    return { isSupported, rules, allowed, refused };
  }
}
