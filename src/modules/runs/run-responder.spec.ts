import express from 'express';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { notFound } from '@libs/openai-wire';
import type { RunFollower } from './run-follower.js';
import { RunResponder } from './run-responder.js';
import type { NumberedFrame, RunStream } from './run-stream.js';
import type { RunsService } from './runs.service.js';
import type { RunRecord } from './runs.types.js';

const RUN = { id: 'run_1', projectId: 'proj_1', threadId: 'thread_1', status: 'in_progress' } as RunRecord;
const FIRST: NumberedFrame = { sequence: 1, event: 'thread.run.queued', data: '{}' };
const LAST: NumberedFrame = { sequence: 2, event: 'thread.run.completed', data: '{}' };
const TOLD_FIRST = 'id: 1\nevent: thread.run.queued\ndata: {}\n\n';
const DONE = 'event: done\ndata: [DONE]\n\n';

/** What a client reads of a stream that gives these frames and then perhaps fails, while the run is found to be so. */
async function streamOf(frames: NumberedFrame[], failure: Error | null, found: RunRecord | Error): Promise<string> {
  const follower = {
    async *follow() {
      yield* frames;
      if (failure) throw await Promise.resolve(failure);
    },
  } as unknown as RunFollower;
  const runs = {
    get: () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found)),
  } as unknown as RunsService;
  const responder = new RunResponder(follower, {} as RunStream, runs);
  const server = express()
    .get('/', (_request, response) => void responder.events(RUN, response, { after: 0, withContent: false }))
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    return await (await fetch(`http://127.0.0.1:${port}/`)).text();
  } finally {
    server.close();
  }
}

describe('the stream of a run', () => {
  it('ends with done after the last event', async () => {
    const told = await streamOf([FIRST, LAST], null, new Error('Nobody asks.'));
    expect(told).toBe(`${TOLD_FIRST}id: 2\nevent: thread.run.completed\ndata: {}\n\n${DONE}`);
  });

  it('ends with done where all that was left to tell is nothing', async () => {
    expect(await streamOf([], null, { ...RUN, status: 'completed' })).toBe(DONE);
  });

  it.each<[string, Error | null, RunRecord | Error, string | RegExp, string]>([
    ['its events cannot be read', new Error('secret'), RUN, /^The server had an error/, 'server_error'],
    ['its run is deleted', null, notFound('run', 'run_1'), "No run found with id 'run_1'.", 'invalid_request_error'],
    ['its events end before the run', null, RUN, /was interrupted/, 'server_error'],
  ])('ends with the event error where %s', async (_when, failure, found, message, type) => {
    const told = await streamOf([FIRST], failure, found);
    const [, frame = ''] = told.split('\n\n');
    expect(told.startsWith(TOLD_FIRST)).toBe(true);
    expect(told).not.toContain('done');
    const [event, data = ''] = frame.split('\n');
    expect(event).toBe('event: error');
    expect(JSON.parse(data.slice('data: '.length))).toEqual({
      error: { message: expect.stringMatching(message) as string, type, param: null, code: null },
    });
  });
});
