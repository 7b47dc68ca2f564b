import type { Socket } from 'node:net';
import { sleep } from '@libs/kernel';
import { dial, DialError } from './dial.js';
import { isNamed, type EgressOptions, type EgressReason, type EgressRule } from './egress-policy.js';
import type { Target } from './targets.js';

export interface EgressGrant {
  tenantId: string;
  sessionId: string;
  rule: EgressRule;
}

/** More than this a session may not ask for in its life; each one is told of. */
const MOST_REQUESTS = 10_000;
/** Code that tries out the network gets its answers slowly, and so does the log. */
const REFUSAL_DELAY_MS = 50;
const LONGEST_HOST_TOLD = 260;

/** The dealings of one session with the network: what it may do, has done, and has left. */
export class EgressSession {
  private requests = 0;
  private bytes = 0;

  constructor(
    private readonly grant: EgressGrant,
    private readonly options: Omit<EgressOptions, 'rules'>,
  ) {}

  get hasBytesLeft(): boolean {
    return this.bytes < this.grant.rule.maxBytes;
  }

  /** Counts bytes of either direction. False if the session has none left. */
  spend(bytes: number): boolean {
    this.bytes += bytes;
    return this.hasBytesLeft;
  }

  /** False once a session has asked for more than any sensible program does: it is not answered any more. */
  beginRequest(): boolean {
    this.requests += 1;
    return this.requests <= MOST_REQUESTS;
  }

  /**
   * A connection to where the rule allows.
   * @throws DialError, having told of it.
   */
  async open(target: Target): Promise<Socket> {
    const began = performance.now();
    try {
      return await this.dialNamed(target);
    } catch (error) {
      const reason = error instanceof DialError ? error.reason : 'unreachable';
      await this.refuse(target, reason, began);
      throw new DialError(reason);
    }
  }

  async refuseMalformed(text: string): Promise<void> {
    await this.refuse({ host: text.slice(0, LONGEST_HOST_TOLD), port: null }, 'malformed', performance.now());
  }

  /** Tells of a request that was carried out. */
  tell(target: Target, traffic: { bytesOut: number; bytesIn: number; milliseconds: number }): void {
    const { tenantId, sessionId } = this.grant;
    const reason = this.hasBytesLeft ? null : 'limit';
    this.options.onRequest({ ...{ tenantId, sessionId, ...target, verdict: 'allowed', reason }, ...traffic });
  }

  private async dialNamed(target: Target): Promise<Socket> {
    const { rule } = this.grant;
    if (!isNamed(rule, target.host, target.port)) throw new DialError('not allowed');
    if (!this.hasBytesLeft) throw new DialError('limit');
    return dial(target, (address) => this.options.mayDial(address, rule.allowsPrivate));
  }

  private async refuse(
    { host, port }: { host: string; port: number | null },
    reason: EgressReason,
    began: number,
  ): Promise<void> {
    const { tenantId, sessionId } = this.grant;
    this.options.onRequest({
      ...{ tenantId, sessionId, host, port, reason, bytesOut: 0, bytesIn: 0 },
      verdict: reason === 'unreachable' ? 'failed' : 'refused',
      milliseconds: Math.round(performance.now() - began),
    });
    await sleep(REFUSAL_DELAY_MS);
  }
}
