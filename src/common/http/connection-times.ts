import type { Server } from 'node:http';

/**
 * Longer than proxies in front of us keep an idle connection (60 s for nginx and for the usual load balancers). If we were
 * the first to close, a request on its way would meet a closed connection, and the proxy would answer 502.
 */
const IDLE_CONNECTION_MS = 75_000;
/** For the whole of a request. Node's five minutes would cut a large file on a slow line. */
const WHOLE_REQUEST_MS = 60 * 60_000;

/** Sets how long a server waits for its clients; headers keep Node's own minute. */
export function setConnectionTimes(server: Server): void {
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  server.requestTimeout = WHOLE_REQUEST_MS;
}
