import { Injectable, Logger } from '@nestjs/common';
import { DONE_EVENT, WireError } from '@libs/openai-wire';
import type { Response } from 'express';
import { toWireError } from '../../common/errors/index.js';
import { SseResponse } from '../../common/http/index.js';
import { endOf, RunFollower } from './run-follower.js';
import { isTerminal } from './run-state.js';
import { isLastEvent, RunStream, type NumberedFrame } from './run-stream.js';
import { toWireRun } from './run.mapper.js';
import { withoutSearchContent } from './search-content.js';
import { RunsService } from './runs.service.js';
import type { RunRecord } from './runs.types.js';

/** Milliseconds after which a polling SDK asks again; without the header it would wait for 5 s. */
const POLL_AFTER_MS = 250;

/** What of a run's events a client wants. */
export interface WantedEvents {
  /** Number of the last event that it has. */
  after: number;
  /** Whether steps show what their searches found. */
  withContent: boolean;
}

/** Answers with a run: as an object that is to be polled, or as its events. */
@Injectable()
export class RunResponder {
  private readonly logger = new Logger('Runs');

  constructor(
    private readonly follower: RunFollower,
    private readonly stream: RunStream,
    private readonly runs: RunsService,
  ) {}

  object(run: RunRecord, response: Response): void {
    response.status(200).set('openai-poll-after-ms', String(POLL_AFTER_MS)).json(toWireRun(run));
  }

  /** The events of a run that was just created or resumed, after the given number. A client that goes away does not stop it. */
  async events(run: RunRecord, response: Response, { after, withContent }: WantedEvents): Promise<void> {
    const sse = new SseResponse(response);
    await this.send(run, response, sse, visible(this.follower.follow(run, after, sse.signal), withContent));
  }

  /** The events that a client missed, and on from there. */
  async missedEvents(run: RunRecord, response: Response, { after, withContent }: WantedEvents): Promise<void> {
    const sse = new SseResponse(response);
    await this.send(run, response, sse, visible(this.catchUp(run, after, sse.signal), withContent));
  }

  /** A stream that cannot be told to its end says why: SDKs raise the event `error` (openai-wire.md section 5.4). */
  private async send(
    run: RunRecord,
    response: Response,
    sse: SseResponse,
    frames: AsyncIterable<NumberedFrame>,
  ): Promise<void> {
    try {
      let last = '';
      for await (const { sequence, event, data } of frames) {
        await sse.send({ id: String(sequence), event, data });
        last = event;
      }
      if (!isLastEvent(last) && !sse.signal.aborted) await this.demandEnded(run);
      await sse.send(DONE_EVENT);
    } catch (error) {
      const wireError = toWireError(error, response.req);
      if (wireError.status >= 500) this.logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
      await sse.send({ event: 'error', data: JSON.stringify(wireError.toBody()) });
    }
    sse.end();
  }

  /** The events ended before the run: it was deleted, or this process ends. */
  private async demandEnded({ id, projectId, threadId }: RunRecord): Promise<void> {
    const { status } = await this.runs.get({ projectId }, threadId, id);
    if (isTerminal(status) || status === 'requires_action') return;
    throw new WireError(
      503,
      `The stream of the run ${id} was interrupted. The run goes on: fetch the rest of its events.`,
    );
  }

  /** Where the events are gone already, the end of the run is all there is to tell. */
  private async *catchUp(run: RunRecord, after: number, signal: AbortSignal): AsyncGenerator<NumberedFrame> {
    if (isTerminal(run.status) && !(await this.stream.isKept(run.id))) {
      yield endOf(run, after + 1);
      return;
    }
    let last = after;
    while (!signal.aborted) {
      let event = '';
      for await (const frame of this.follower.follow(run, last, signal)) {
        ({ sequence: last, event } = frame);
        yield frame;
      }
      // Outputs that were awaited then may have come long since: the stream goes on behind them.
      if (event !== 'thread.run.requires_action') return;
      const now = await this.runs.get(run, run.threadId, run.id);
      if (now.status === 'requires_action') return;
    }
  }
}

async function* visible(frames: AsyncIterable<NumberedFrame>, withContent: boolean): AsyncGenerator<NumberedFrame> {
  for await (const frame of frames) yield withContent ? frame : withoutSearchContent(frame);
}
