import { Injectable } from '@nestjs/common';
import { DONE_EVENT } from '@libs/openai-wire';
import type { Response } from 'express';
import { SseResponse } from '../../common/http/index.js';
import { RunStream } from './run-stream.js';
import { toWireRun } from './run.mapper.js';
import type { RunRecord } from './runs.types.js';

/** Milliseconds after which a polling SDK asks again; without the header it would wait for 5 s. */
const POLL_AFTER_MS = 250;

/** Answers with a run: as an object that is to be polled, or as its events. */
@Injectable()
export class RunResponder {
  constructor(private readonly stream: RunStream) {}

  object(run: RunRecord, response: Response): void {
    response.status(200).set('openai-poll-after-ms', String(POLL_AFTER_MS)).json(toWireRun(run));
  }

  /** Every event after the given number. A client that goes away does not stop the run. */
  async events(run: RunRecord, response: Response, after: number): Promise<void> {
    const sse = new SseResponse(response);
    for await (const frame of this.stream.follow(run.id, after, sse.signal)) {
      await sse.send({ id: String(frame.sequence), event: frame.event, data: frame.data });
    }
    await sse.send(DONE_EVENT);
    sse.end();
  }
}
