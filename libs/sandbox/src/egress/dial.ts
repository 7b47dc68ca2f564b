import { lookup, type LookupAddress } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { once } from 'node:events';
import { errorCode } from '@libs/kernel';
import type { EgressReason } from './egress-policy.js';
import type { Target } from './targets.js';

const CONNECT_TIMEOUT_MS = 10_000;
const FORBIDDEN = 'EFORBIDDENADDRESS';

/** A connection was not made. */
export class DialError extends Error {
  constructor(readonly reason: EgressReason) {
    super(reason);
    this.name = 'DialError';
  }
}

/**
 * Connects to the very address that was checked: a name that changes its address between the check and the connection
 * gains nothing.
 * @throws DialError
 */
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
    throw new DialError(isForbidden(error) ? 'private address' : 'unreachable');
  }
}

function checkedLookup(mayDial: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const open = addresses.filter(({ address }) => mayDial(address));
      const [first] = open;
      if (!first) return callback(Object.assign(new Error('forbidden'), { code: FORBIDDEN }), []);
      if (options.all) return callback(null, open);
      return callback(null, first.address, first.family);
    });
  };
}

function isForbidden(error: unknown): boolean {
  return errorCode(error) === FORBIDDEN;
}
