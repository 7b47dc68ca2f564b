/** A message's length, itself included. Before it stands a byte for the kind, except where a connection begins. */
const LENGTH_BYTES = 4;
const KIND_BYTES = 1;

/** What a connection may begin with instead of its start-up message, by the number that stands there for the version. */
const SSL_REQUEST = 80_877_103;
const ENCRYPTION_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/** Parse, Bind, Describe, Execute, Close: nobody waits for their answers before a message of another kind has followed. */
const CONTINUED = new Set([...'PBDEC'].map((kind) => kind.charCodeAt(0)));

/** Messages to be run together, or what a client asks instead before it starts. */
export type MessageGroup = { type: 'messages'; bytes: Uint8Array } | { type: 'encryption' } | { type: 'cancel' };

/**
 * Parts what a client sends (Postgres protocol 3.0) into groups: a statement with parameters is five messages, and to run
 * and answer each by itself takes longer than the statement.
 */
export class MessageGroups {
  private chunks: Buffer[] = [];
  private size = 0;
  private needed = LENGTH_BYTES;
  /** The messages so far of a group that goes on. */
  private group: Buffer[] = [];
  private hasStarted = false;

  /** The groups that are complete with this chunk. Throws where it cannot be the protocol. */
  push(chunk: Buffer): MessageGroup[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    return this.size < this.needed ? [] : this.read(Buffer.concat(this.chunks));
  }

  private read(bytes: Buffer): MessageGroup[] {
    const groups: MessageGroup[] = [];
    let at = 0;
    for (;;) {
      this.needed = this.lengthOf(bytes, at);
      if (bytes.length - at < this.needed) break;
      const group = this.add(bytes.subarray(at, at + this.needed));
      if (group !== null) groups.push(group);
      at += this.needed;
    }
    this.chunks = [bytes.subarray(at)];
    this.size = bytes.length - at;
    return groups;
  }

  /** How long the message at this place is, or at least, where its length has not come yet. */
  private lengthOf(bytes: Buffer, at: number): number {
    const head = this.hasStarted ? KIND_BYTES : 0;
    if (bytes.length - at < head + LENGTH_BYTES) return head + LENGTH_BYTES;
    const length = bytes.readInt32BE(at + head);
    if (length < LENGTH_BYTES) throw new Error(`A message cannot be ${length} bytes long.`);
    return head + length;
  }

  private add(message: Buffer): MessageGroup | null {
    if (!this.hasStarted) return this.begin(message);
    this.group.push(message);
    if (CONTINUED.has(message[0] ?? 0)) return null;
    const bytes = new Uint8Array(Buffer.concat(this.group));
    this.group = [];
    return { type: 'messages', bytes };
  }

  private begin(message: Buffer): MessageGroup {
    const version = message.length < 2 * LENGTH_BYTES ? 0 : message.readInt32BE(LENGTH_BYTES);
    if (version === SSL_REQUEST || version === ENCRYPTION_REQUEST) return { type: 'encryption' };
    if (version === CANCEL_REQUEST) return { type: 'cancel' };
    this.hasStarted = true;
    return { type: 'messages', bytes: new Uint8Array(message) };
  }
}
