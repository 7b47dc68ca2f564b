import { Logger } from '@nestjs/common';
import type { Config } from '@config';
import type { EgressOptions, EgressRecord } from '@libs/sandbox';
import { isPrivateAddress, isPublicAddress } from '../common/http/public-address.js';

const BYTES_PER_MB = 1024 * 1024;

const logger = new Logger('Egress');

/** What code may reach, by the configuration file; undefined: nothing. Each of its requests is a line in the log. */
export function egressFrom({ sandbox }: Pick<Config, 'sandbox'>): EgressOptions | undefined {
  if (sandbox.egress.length === 0) return undefined;
  return {
    rules: new Map(
      sandbox.egress.map(({ project, hosts, privateAddresses, maxMegabytes }) => [
        project,
        { hosts, allowsPrivate: privateAddresses, maxBytes: maxMegabytes * BYTES_PER_MB },
      ]),
    ),
    mayDial: (address, allowsPrivate) => isPublicAddress(address) || (allowsPrivate && isPrivateAddress(address)),
    onRequest: logRequest,
  };
}

function logRequest(record: EgressRecord): void {
  const { tenantId, sessionId, verdict, reason, host, port, bytesOut, bytesIn, milliseconds } = record;
  const line = {
    ...{ msg: `egress ${verdict}`, project: tenantId, session: sessionId, host, port, verdict, reason },
    ...{ bytes_out: bytesOut, bytes_in: bytesIn, milliseconds },
  };
  if (verdict === 'refused') logger.warn(line);
  else logger.log(line);
}
