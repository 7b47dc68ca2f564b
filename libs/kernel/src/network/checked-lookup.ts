import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Code of the error of a look-up that found only addresses that may not be reached. */
export const FORBIDDEN_ADDRESS = 'EFORBIDDENADDRESS';

/**
 * A look-up for connections to hosts that others name. The connection goes to the very address that was checked: a name
 * that changes its address between the check and the connection gains nothing. Literal addresses are never looked up:
 * whoever connects has to check those.
 */
export function checkedLookup(mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const open = addresses.filter(({ address }) => mayReach(address));
      const [first] = open;
      if (!first) return callback(Object.assign(new Error('forbidden address'), { code: FORBIDDEN_ADDRESS }), []);
      if (options.all) return callback(null, open);
      return callback(null, first.address, first.family);
    });
  };
}
