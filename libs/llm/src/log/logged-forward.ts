import type { Forward } from '../ports/model-server.js';
import { CallRecorder } from './call-recorder.js';
import type { ModelLog } from './model-log.js';

/** What is kept of a request and of an answer, in bytes: more than a log shows of a text, so that it shows no part of a secret. */
const LONGEST_KEPT = 256 * 1024;

/** The byte path, with what goes through it in the log. Nothing is copied: the chunks are kept as they are. */
export function loggedForward(forward: Forward, server: string, log: ModelLog): Forward {
  return (request, sink) => {
    const runId = request.context?.runId ?? null;
    if (!log.wants(runId)) return forward(request, sink);
    const sent = request.body.subarray(0, LONGEST_KEPT).toString('utf8');
    const recorder = new CallRecorder(log, { server, path: request.path, runId, request: sent });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    const answer = (): unknown => ({ status, body: Buffer.concat(chunks).toString('utf8') });
    forward(request, {
      onStart: (...start) => {
        [status] = start;
        sink.onStart(...start);
      },
      onData: (chunk) => {
        if (bytes < LONGEST_KEPT) chunks.push(chunk);
        bytes += chunk.length;
        return sink.onData(chunk);
      },
      onEnd: () => {
        sink.onEnd();
        recorder.end(answer());
      },
      onError: (error) => {
        sink.onError(error);
        recorder.end(answer(), error);
      },
    });
  };
}
