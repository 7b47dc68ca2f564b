import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** From now on nothing in this process reaches a network: no parser has a reason to, and a file may ask for it. */
export function cutNetwork(): void {
  const refuse = (): never => {
    throw new Error('Parsers have no network.');
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.bind = refuse;
  dgram.Socket.prototype.send = refuse;
  dns.lookup = Object.assign(refuse, { __promisify__: refuse });
  globalThis.fetch = refuse;
  syncBuiltinESMExports();
}
