const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5]);
const MESSAGE_LENGTH = 6;

/**
 * Tells how long a connection has waited for its answer, from the bytes alone: it waits from the first byte sent
 * until the server says ReadyForQuery (Postgres protocol 3.0, section 53.7: 'Z', length 5, one status byte).
 */
export class QueryWatch {
  private tail: Buffer = Buffer.alloc(0);
  private writtenWhenReady = 0;
  private waitingSince: number | undefined;

  /** Bytes have arrived; `written` is how many bytes had been sent by then. */
  received(chunk: Buffer, written: number): void {
    const joined = chunk.length >= MESSAGE_LENGTH ? chunk : Buffer.concat([this.tail, chunk]);
    this.tail = Buffer.from(joined.subarray(-MESSAGE_LENGTH));
    const ready = this.tail.length === MESSAGE_LENGTH && READY_FOR_QUERY.equals(this.tail.subarray(0, -1));
    if (ready) {
      this.writtenWhenReady = written;
      this.waitingSince = undefined;
    }
  }

  /** Milliseconds waited so far, as far as calls of this have seen; 0 while nothing is asked. */
  waited(written: number, now: number): number {
    if (written <= this.writtenWhenReady) return 0;
    this.waitingSince ??= now;
    return now - this.waitingSince;
  }
}
