import { connect, isIP, type Socket } from 'node:net';
import { once } from 'node:events';
import { checkedLookup, errorCode, FORBIDDEN_ADDRESS } from '@libs/kernel';
import type { EgressReason } from './egress-policy.js';
import type { Target } from './targets.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** A connection was not made. */
export class DialError extends Error {
  constructor(readonly reason: EgressReason) {
    super(reason);
    this.name = 'DialError';
  }
}

/** Connects to the very address that was checked. Throws DialError. */
export async function dial({ host, port }: Target, mayDial: (address: string) => boolean): Promise<Socket> {
  const name = host.replace(/^\[|\]$/g, '');
  // A literal address is connected to without any look-up.
  if (isIP(name) !== 0 && !mayDial(name)) throw new DialError('private address');
  const socket = connect({ host: name, port, lookup: checkedLookup(mayDial), autoSelectFamily: true });
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('It took too long.')));
  try {
    await once(socket, 'connect');
    socket.setTimeout(0);
    return socket;
  } catch (error) {
    socket.destroy();
    throw new DialError(errorCode(error) === FORBIDDEN_ADDRESS ? 'private address' : 'unreachable');
  }
}
