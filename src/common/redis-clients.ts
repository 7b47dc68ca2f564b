import { Redis, type RedisOptions } from 'ioredis';

/** A connection that has gone dead without a word (a lost route, a failed-over proxy) is given up after this. */
const SILENCE_LIMIT_MS = 15_000;
const KEEP_ALIVE_MS = 10_000;
const COMMAND_TIMEOUT_MS = 10_000;
const LONGEST_RETRY_MS = 2000;

const SHARED: RedisOptions = {
  keepAlive: KEEP_ALIVE_MS,
  socketTimeout: SILENCE_LIMIT_MS,
  enableReadyCheck: false,
  retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_MS),
  // After a failover the old address may lead to a replica: connect anew and repeat the command (2).
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
};

/** For commands that are answered at once. One that gets no answer fails after ten seconds. */
export function createCommandClient(url: string): Redis {
  return new Redis(url, { ...SHARED, commandTimeout: COMMAND_TIMEOUT_MS });
}

/**
 * For commands that wait on the server, and for subscriptions. They are sent again after a loss of the connection for as
 * long as it takes; each wait must end by itself before SILENCE_LIMIT_MS, or the connection is taken for dead.
 */
export function createBlockingClient(url: string): Redis {
  return new Redis(url, { ...SHARED, maxRetriesPerRequest: null });
}

const FAREWELL_MS = 500;

/** Ends a connection, politely where the server answers. Never throws. */
export async function closeClient(client: Redis): Promise<void> {
  if (client.status === 'ready') {
    const impatience = setTimeout(() => client.disconnect(), FAREWELL_MS);
    await client.quit().catch(() => undefined);
    clearTimeout(impatience);
  }
  client.disconnect();
}
