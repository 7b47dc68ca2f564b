import { publicMessage } from '@libs/kernel';
import type { SandboxLimits } from '../../ports/sandbox-provider.js';
import { choiceOf, limitsOf, textOf, truthOf, wholeNumberOf, type Fields } from '../wire/checks.js';
import { WIRE_LIMITS, type HoldAnswer, type HoldRequest } from '../wire/wire.js';
import { runCall } from './call.js';
import { answer, readFields, Refusal, type Exchange } from './exchange.js';
import type { HostedSessions } from './hosted-sessions.js';
import { LineStream } from './line-stream.js';
import type { Hold } from './holds.js';

/** What callers do with sessions: take a turn, run cells in it, give it back. */
export class HoldRoutes {
  constructor(private readonly sessions: HostedSessions) {}

  /** The answer comes when it is the caller's turn, which may take as long as the one before needs. */
  async take({ request, response }: Exchange): Promise<void> {
    const wish = toHoldRequest(await readFields(request));
    const stream = new LineStream(response);
    try {
      const hold = await this.sessions.hold(wish, stream.lost);
      if (hold !== undefined && stream.lost.aborted) await this.sessions.release(hold);
      await stream.write(toAnswer(hold, this.sessions.leaseMs));
    } catch (error) {
      const refusal: HoldAnswer = { type: 'refused', reason: 'failed', message: publicMessage(error) };
      await stream.write(refusal);
    } finally {
      stream.end();
    }
  }

  renew({ id, response }: Exchange): void {
    this.sessions.renew(this.find(id));
    answer(response, 204);
  }

  async release({ id, request, response }: Exchange): Promise<void> {
    const hold = this.find(id);
    hold.kept.notes = notesOf(await readFields(request));
    await this.sessions.release(hold);
    answer(response, 204);
  }

  async run({ id, request, response }: Exchange): Promise<void> {
    const hold = this.find(id);
    const fields = await readFields(request);
    const call = {
      code: textOf(fields, 'code', WIRE_LIMITS.requestBytes),
      timeoutMs: Math.min(wholeNumberOf(fields, 'timeoutMs'), this.sessions.longestCallMs),
      notes: notesOf(fields),
    };
    await runCall(hold, call, new LineStream(response));
  }

  /** The code gets a KeyboardInterrupt; what it was running keeps its state if that suffices. */
  interrupt({ id, response }: Exchange): void {
    this.find(id).call?.stop();
    answer(response, 204);
  }

  pause({ id, response }: Exchange): void {
    this.find(id).session.pause();
    answer(response, 204);
  }

  private find(id: string): Hold {
    const hold = this.sessions.find(id);
    if (hold === undefined) throw new Refusal(404, 'There is no such hold.');
    return hold;
  }
}

function toAnswer(hold: Hold | undefined, leaseMs: number): HoldAnswer {
  if (hold === undefined) return { type: 'refused', reason: 'absent', message: 'There is no such session.' };
  return { type: 'granted', hold: hold.id, session: hold.kept.id, notes: hold.kept.notes, leaseMs };
}

export function toHoldRequest(fields: Fields): HoldRequest {
  return {
    ...toKey(fields),
    kind: choiceOf(fields, 'kind', ['own', 'shared']),
    mustExist: truthOf(fields, 'mustExist'),
    limits: limitsOf(fields['limits']) satisfies Partial<SandboxLimits>,
  };
}

export function toKey(fields: Fields): { tenantId: string; workspaceId: string } {
  return {
    tenantId: textOf(fields, 'tenantId', WIRE_LIMITS.nameCharacters),
    workspaceId: textOf(fields, 'workspaceId', WIRE_LIMITS.nameCharacters),
  };
}

function notesOf(fields: Fields): string {
  return textOf(fields, 'notes', WIRE_LIMITS.notesBytes);
}
