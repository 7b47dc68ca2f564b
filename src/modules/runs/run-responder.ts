import { Injectable } from '@nestjs/common';
import { DONE_EVENT } from '@libs/openai-wire';
import type { Response } from 'express';
import { SseResponse } from '../../common/http/index.js';
import type { TenantScope } from '../../common/principal.js';
import { isTerminal } from './run-state.js';
import { RunStream, type NumberedFrame } from './run-stream.js';
import { toWireRun } from './run.mapper.js';
import { RunsService } from './runs.service.js';
import type { RunRecord } from './runs.types.js';

/** Milliseconds after which a polling SDK asks again; without the header it would wait for 5 s. */
const POLL_AFTER_MS = 250;

/** Answers with a run: as an object that is to be polled, or as its events. */
@Injectable()
export class RunResponder {
  constructor(
    private readonly stream: RunStream,
    private readonly runs: RunsService,
  ) {}

  object(run: RunRecord, response: Response): void {
    response.status(200).set('openai-poll-after-ms', String(POLL_AFTER_MS)).json(toWireRun(run));
  }

  /** The events of a run that was just created or resumed, after the given number. A client that goes away does not stop it. */
  async events(run: RunRecord, response: Response, after: number): Promise<void> {
    const sse = new SseResponse(response);
    await send(sse, this.stream.follow(run.id, after, sse.signal));
  }

  /** The events that a client missed, and on from there. */
  async missedEvents(scope: TenantScope, run: RunRecord, response: Response, after: number): Promise<void> {
    const sse = new SseResponse(response);
    await send(sse, this.catchUp(scope, run, after, sse.signal));
  }

  /** Where the events are gone already, the end of the run is all there is to tell. */
  private async *catchUp(
    scope: TenantScope,
    run: RunRecord,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<NumberedFrame> {
    if (isTerminal(run.status) && !(await this.stream.isKept(run.id))) {
      yield { sequence: after + 1, event: `thread.run.${run.status}`, data: JSON.stringify(toWireRun(run)) };
      return;
    }
    let last = after;
    while (!signal.aborted) {
      let event = '';
      for await (const frame of this.stream.follow(run.id, last, signal)) {
        ({ sequence: last, event } = frame);
        yield frame;
      }
      // Outputs that were awaited then may have come long since: the stream goes on behind them.
      const now = await this.runs.get(scope, run.threadId, run.id);
      if (event !== 'thread.run.requires_action' || now.status === 'requires_action') return;
    }
  }
}

async function send(sse: SseResponse, frames: AsyncIterable<NumberedFrame>): Promise<void> {
  for await (const frame of frames) {
    await sse.send({ id: String(frame.sequence), event: frame.event, data: frame.data });
  }
  await sse.send(DONE_EVENT);
  sse.end();
}
