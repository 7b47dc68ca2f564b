import type { ServerResponse } from 'node:http';
import { setTimeout as setTimer } from 'node:timers/promises';
import { completionFrames, wholeCompletion } from './completions.js';
import type { NativeChat, Profile } from './profile.js';
import type { ScriptedRequestBody, ScriptedTurn } from './script.js';

type ErrorShape = Pick<Profile, 'error'>;

/** Does not keep a test's process alive. */
function pause(milliseconds: number): Promise<void> {
  return setTimer(milliseconds, undefined, { ref: false });
}

/** Plays one turn of the script as the profile would write it. */
export async function answerChat(
  response: ServerResponse,
  profile: Profile,
  turn: ScriptedTurn,
  body: ScriptedRequestBody,
): Promise<void> {
  const hasFailed = await failAsScripted(response, profile, turn);
  if (hasFailed) return;
  if (body.stream === true && turn.whole !== true) {
    await sendStream(response, turn, framesOf(profile, turn, body), 'text/event-stream; charset=utf-8');
  } else {
    sendJson(response, 200, body.messages === undefined ? wholeCompletion(turn, body) : profile.whole(turn, body));
  }
}

/** As `answerChat`, by the server's own interface. There, streaming is what happens unless it is declined. */
export async function answerNative(
  response: ServerResponse,
  native: NativeChat,
  turn: ScriptedTurn,
  body: ScriptedRequestBody,
): Promise<void> {
  const hasFailed = await failAsScripted(response, native, turn);
  if (hasFailed) return;
  if (body.stream === false || turn.whole === true) return sendJson(response, 200, native.whole(turn, body));
  await sendStream(response, turn, turn.rawFrames ?? linesOf(native, turn, body), native.contentType);
}

function linesOf(native: NativeChat, turn: ScriptedTurn, body: ScriptedRequestBody): string[] {
  const lines = native.lines(turn, body).map((line) => `${JSON.stringify(line)}\n`);
  if (turn.error === undefined) return lines;
  return [...lines.slice(0, lines.length / 2), `${JSON.stringify(errorBody(native, turn))}\n`];
}

/** Does what the turn says about the time before the answer. True where there is to be no answer. */
export async function failAsScripted(
  response: ServerResponse,
  profile: ErrorShape,
  turn: ScriptedTurn,
): Promise<boolean> {
  if (turn.delayMs !== undefined) await pause(turn.delayMs);
  if (response.destroyed) return true;
  if (turn.cut === 'before-headers') {
    response.socket?.destroy();
    return true;
  }
  if (turn.error === undefined || turn.error.midStream === true) return false;
  sendJson(response, turn.error.status, errorBody(profile, turn), turn.error.headers);
  return true;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function framesOf(profile: Profile, turn: ScriptedTurn, body: ScriptedRequestBody): string[] {
  if (turn.rawFrames !== undefined) return turn.rawFrames;
  const written = body.messages === undefined ? completionFrames(turn, body) : profile.frames(turn, body);
  const frames = written.map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
  if (turn.error !== undefined) {
    return [...frames.slice(0, frames.length / 2), `data: ${JSON.stringify(errorBody(profile, turn))}\n\n`, DONE];
  }
  return [...frames, DONE];
}

const DONE = 'data: [DONE]\n\n';

export async function sendStream(
  response: ServerResponse,
  turn: ScriptedTurn,
  frames: string[],
  contentType: string,
): Promise<void> {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
  const kept = turn.cut === 'mid-stream' ? frames.slice(0, Math.ceil(frames.length / 2)) : frames;
  const middle = Math.ceil(kept.length / 2);
  for (const [index, frame] of kept.entries()) {
    if (index === middle && turn.silentMs !== undefined) await pause(turn.silentMs);
    if (response.destroyed) return;
    const isDrained = response.write(frame);
    if (!isDrained) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    if (turn.delayMs !== undefined) await pause(turn.delayMs);
  }
  if (turn.cut === 'mid-stream') {
    // Without a pause the reset may overtake what was written.
    await pause(20);
    response.socket?.destroy();
  } else {
    response.end();
  }
}

function errorBody(profile: ErrorShape, { error }: ScriptedTurn): unknown {
  return error?.body ?? profile.error(error?.status ?? 500, error?.message ?? 'The script says so.');
}
