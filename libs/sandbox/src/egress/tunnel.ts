import type { Socket } from 'node:net';
import { Transform, type Duplex, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EgressSession } from './egress-session.js';
import type { Target } from './targets.js';

export interface TunnelEnds {
  client: Duplex;
  server: Socket;
  /** What the client has sent already. */
  head: Buffer;
  target: Target;
  session: EgressSession;
  idleMs: number;
}

/** Carries bytes both ways until either side has gone, nothing moves for long, or the session's bytes are used up. */
export async function tunnel({ client, server, head, target, session, idleMs }: TunnelEnds): Promise<void> {
  const began = performance.now();
  const traffic = { bytesOut: 0, bytesIn: 0 };
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  server.setTimeout(idleMs, end);
  client.unshift(head);
  await Promise.allSettled([
    pipeline(client, new Counter(session, (bytes) => (traffic.bytesOut += bytes)), server),
    pipeline(server, new Counter(session, (bytes) => (traffic.bytesIn += bytes)), client),
  ]);
  end();
  session.tell(target, { ...traffic, milliseconds: Math.round(performance.now() - began) });
}

/** Passes bytes on and counts them; fails when the session has none left. */
export class Counter extends Transform {
  constructor(
    private readonly session: EgressSession,
    private readonly count: (bytes: number) => void,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.count(chunk.length);
    if (this.session.spend(chunk.length)) callback(null, chunk);
    else callback(new Error('The bytes are used up.'));
  }
}
