import { errorMessage } from '@libs/kernel';
import { choiceOf, textOf, wholeNumberOf, type Fields } from '../wire/checks.js';
import { printable } from '../wire/printable.js';
import { WIRE_LIMITS, type HoldAnswer, type HoldRequest, type HostReport } from '../wire/wire.js';
import { HostFailure } from './host-failure.js';
import { HostLink } from './host-link.js';
import { readLines } from './lines.js';
import { readReport } from './report.js';

const REPORT_TIMEOUT_MS = 3_000;
/** For so long a report counts as news, and a host that failed as lost. */
const REPORT_AGE_MS = 2_000;
const SHORTEST_LEASE_MS = 300;
const LONGEST_LEASE_MS = 3_600_000;
const MOST_HOLD_BYTES = 8 * 1024 * 1024;

/** One sandbox host, and what is known of its state. */
export class Host {
  readonly link: HostLink;
  report: HostReport | undefined;
  /** Why it is not used at the moment. */
  failure: string | undefined;
  /** Sessions that were asked for since the last report. */
  private asked = 0;
  private checkedAt = -Infinity;
  private checking: Promise<void> | undefined;

  constructor(url: string, token: string, silenceMs?: number) {
    this.link = new HostLink(url, token, silenceMs);
  }

  get name(): string {
    return new URL(this.link.url).host;
  }

  get isUsable(): boolean {
    return this.failure === undefined && this.report?.probe.ok === true;
  }

  /** Places that nobody needs at the moment: those of idle sessions count. */
  get freePlaces(): number {
    return this.report === undefined ? 0 : this.report.maxSessions - this.report.busySessions - this.asked;
  }

  /** From 0, without a session, to 1 and beyond. */
  get load(): number {
    const { sessions = 0, maxSessions = 1 } = this.report ?? {};
    return (sessions + this.asked) / Math.max(1, maxSessions);
  }

  /** Asks the host how it is, if that is not known already. Never rejects. */
  check(): Promise<void> {
    const age = performance.now() - this.checkedAt;
    if (this.checking === undefined && age > REPORT_AGE_MS) {
      this.checking = this.ask().finally(() => (this.checking = undefined));
    }
    return this.checking ?? Promise.resolve();
  }

  /** As `check`, but what is known already does not count. */
  checkAnew(): Promise<void> {
    this.checkedAt = -Infinity;
    return this.check();
  }

  noteFailure(error: unknown): void {
    this.failure = errorMessage(error);
    this.checkedAt = performance.now();
  }

  /** Waits for a turn, as long as the host lives and the signal allows. */
  async hold(request: HoldRequest, signal: AbortSignal): Promise<HoldAnswer> {
    if (!request.mustExist) this.asked += 1;
    try {
      const { body } = await this.link.open('POST', '/v1/holds', { body: request, signal });
      for await (const fields of readLines(body, MOST_HOLD_BYTES)) return readAnswer(fields);
      throw new HostFailure('broken', 'The host gave no answer.');
    } catch (error) {
      if (error instanceof HostFailure) this.noteFailure(error);
      throw error;
    }
  }

  /** When the workspace's session here was last used, in milliseconds since 1970; null without one. */
  async find(workspace: { tenantId: string; workspaceId: string }): Promise<number | null> {
    const fields = await this.link.call('POST', '/v1/find', { body: workspace, timeoutMs: REPORT_TIMEOUT_MS });
    return fields['lastUsedAt'] === null ? null : wholeNumberOf(fields, 'lastUsedAt');
  }

  private async ask(): Promise<void> {
    try {
      const fields = await this.link.call('GET', '/v1/host', {
        timeoutMs: REPORT_TIMEOUT_MS,
        signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
      });
      this.report = readReport(fields);
      this.failure = undefined;
      this.asked = 0;
    } catch (error) {
      this.failure = errorMessage(error);
    }
    this.checkedAt = performance.now();
  }
}

function readAnswer(fields: Fields): HoldAnswer {
  const type = choiceOf(fields, 'type', ['granted', 'refused']);
  if (type === 'refused') {
    const reason = choiceOf(fields, 'reason', ['absent', 'failed']);
    return { type, reason, message: printable(textOf(fields, 'message', 64 * 1024), WIRE_LIMITS.messageCharacters) };
  }
  return {
    type,
    hold: identifier(textOf(fields, 'hold', WIRE_LIMITS.nameCharacters)),
    session: identifier(textOf(fields, 'session', WIRE_LIMITS.nameCharacters)),
    notes: textOf(fields, 'notes', WIRE_LIMITS.notesBytes),
    leaseMs: Math.max(SHORTEST_LEASE_MS, wholeNumberOf(fields, 'leaseMs', LONGEST_LEASE_MS)),
  };
}

/** It becomes part of paths. */
function identifier(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new HostFailure('broken', 'That is no identifier.');
  return text;
}
