import { publicMessage } from '@libs/kernel';
import { SandboxError, type SandboxEvent } from '../../ports/sandbox-provider.js';
import type { CallRequest } from '../wire/wire.js';
import { CallUnderWay, type Hold } from './holds.js';
import type { LineStream } from './line-stream.js';

/** Output goes out in pieces, so that no line grows with what the code prints. */
const PIECE_CHARACTERS = 64 * 1024;

/** Runs a cell and tells of it line by line. Whoever closes the connection cancels it. */
export async function runCall(hold: Hold, request: CallRequest, stream: LineStream): Promise<void> {
  try {
    for await (const event of eventsOf(hold, request, stream.lost)) {
      for (const piece of piecesOf(event)) await stream.write(piece);
    }
  } catch (error) {
    await stream.write({ type: 'failed', message: publicMessage(error) });
  } finally {
    stream.end();
  }
}

async function* eventsOf(hold: Hold, request: CallRequest, lost: AbortSignal): AsyncGenerator<SandboxEvent> {
  const before = hold.call;
  if (before?.isUnderWay) throw new SandboxError('A call is running in this session already.');
  const call = new CallUnderWay(lost);
  hold.call = call;
  try {
    // The one before may be on its way to its end, its caller having left.
    await before?.ended;
    hold.kept.notes = request.notes;
    yield* hold.session.run(request.code, { timeoutMs: request.timeoutMs, signal: call.stopped });
  } finally {
    call.markEnded();
  }
}

function piecesOf(event: SandboxEvent): SandboxEvent[] {
  if (event.type !== 'stdout' && event.type !== 'stderr') return [event];
  const pieces: SandboxEvent[] = [];
  for (let at = 0; at < event.text.length;) {
    const end = endOfPiece(event.text, at);
    pieces.push({ type: event.type, text: event.text.slice(at, end) });
    at = end;
  }
  return pieces;
}

/** Never between the halves of a character. */
function endOfPiece(text: string, start: number): number {
  const end = Math.min(start + PIECE_CHARACTERS, text.length);
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff && end < text.length ? end - 1 : end;
}
