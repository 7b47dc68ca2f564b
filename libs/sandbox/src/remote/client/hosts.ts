import { SandboxError } from '../../ports/sandbox-provider.js';
import type { WorkspaceKey } from '../../keeper/kept-session.js';
import type { HoldAnswer, HoldRequest } from '../wire/wire.js';
import { Host } from './host.js';
import { HostFailure } from './host-failure.js';

export type Granted = Extract<HoldAnswer, { type: 'granted' }> & { host: Host };

const MOST_PLACES = 10_000;

/** Several hosts: which of them has a session, and which of them gets the next. */
export class Hosts {
  readonly all: readonly Host[];
  /** Where workspaces were met last. A hint: the host says whether it is so. */
  private readonly places = new Map<string, Host>();

  constructor(urls: readonly string[], token: string, silenceMs?: number) {
    this.all = urls.map((url) => new Host(url, token, silenceMs));
  }

  /** Those that answer and can run code, the best for a new session first. */
  async usable(): Promise<Host[]> {
    const checks = this.all.map((host) => ({ host, checked: host.check() }));
    // While others are there, nobody waits for a host that was lost.
    await Promise.all(checks.map(({ host, checked }) => (host.failure === undefined ? checked : Promise.resolve())));
    if (!this.all.some((host) => host.isUsable)) await Promise.all(checks.map(({ checked }) => checked));
    return this.all.filter((host) => host.isUsable).sort(byPreference);
  }

  /** As `usable`; before none is left, those that failed a moment ago are asked whether they are back. */
  private async usableAtLast(): Promise<Host[]> {
    const usable = await this.usable();
    if (usable.length > 0) return usable;
    await Promise.all(this.all.map((host) => host.checkAnew()));
    return this.usable();
  }

  /** @returns undefined if it must exist and is nowhere */
  async hold(request: HoldRequest, signal: AbortSignal): Promise<Granted | undefined> {
    const present = request.kind === 'shared' ? await this.holdPresent(request, signal) : undefined;
    if (present !== undefined || request.mustExist) return present;
    const usable = await this.usableAtLast();
    for (const host of usable) {
      const granted = await this.ask(host, request, signal);
      if (granted !== undefined) return granted;
    }
    const reasons = this.all.map(({ name, failure }) => `${name}: ${failure ?? 'it cannot run code'}`);
    throw new SandboxError('No sandbox host is available.', { cause: new Error(reasons.join('\n')) });
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ link }) => link.close()));
  }

  /** On one host alone, asking for the session finds it; among several, the one that has it is asked. */
  private async holdPresent(request: HoldRequest, signal: AbortSignal): Promise<Granted | undefined> {
    const [only, ...others] = this.all;
    if (only !== undefined && others.length === 0) {
      await only.check();
      return only.isUsable ? this.ask(only, request, signal) : undefined;
    }
    const hint = this.places.get(nameOf(request));
    const hinted = hint?.isUsable ? await this.ask(hint, { ...request, mustExist: true }, signal) : undefined;
    if (hinted !== undefined) return hinted;
    const host = await this.find(request);
    return host && this.ask(host, { ...request, mustExist: true }, signal);
  }

  /** Where the workspace's session is; the one used last, should there be two. */
  private async find({ tenantId, workspaceId }: WorkspaceKey): Promise<Host | undefined> {
    const found = await Promise.all(
      (await this.usable()).map(async (host) => {
        const usedAt = await host.find({ tenantId, workspaceId }).catch(() => null);
        return usedAt === null ? [] : [{ host, usedAt }];
      }),
    );
    return found.flat().sort((one, other) => other.usedAt - one.usedAt)[0]?.host;
  }

  /** @returns undefined where the host has no such session, or does not answer */
  private async ask(host: Host, request: HoldRequest, signal: AbortSignal): Promise<Granted | undefined> {
    const answer = await host.hold(request, signal).catch((error: unknown) => {
      if (error instanceof HostFailure) return undefined;
      throw error;
    });
    if (answer?.type === 'refused' && answer.reason === 'failed') throw new SandboxError(answer.message);
    if (answer?.type !== 'granted') return undefined;
    if (request.kind === 'shared') this.remember(nameOf(request), host);
    return { ...answer, host };
  }

  private remember(name: string, host: Host): void {
    this.places.delete(name);
    this.places.set(name, host);
    const [oldest] = this.places.keys();
    if (this.places.size > MOST_PLACES && oldest !== undefined) this.places.delete(oldest);
  }
}

function byPreference(one: Host, other: Host): number {
  const hasPlace = (host: Host): number => (host.freePlaces > 0 ? 0 : 1);
  return hasPlace(one) - hasPlace(other) || one.load - other.load || Math.random() - 0.5;
}

function nameOf({ tenantId, workspaceId }: WorkspaceKey): string {
  return JSON.stringify([tenantId, workspaceId]);
}
