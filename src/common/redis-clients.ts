import { Redis, type RedisOptions } from 'ioredis';

/** A connection that has gone dead without a word (a lost route, a failed-over proxy) is given up after this. */
export const SILENCE_LIMIT_MS = 15_000;
const HEARTBEAT_MS = 5000;
const KEEP_ALIVE_MS = 10_000;
const COMMAND_TIMEOUT_MS = 10_000;
const LONGEST_RETRY_MS = 2000;
const FAREWELL_MS = 500;

const SHARED: RedisOptions = {
  keepAlive: KEEP_ALIVE_MS,
  disconnectTimeout: FAREWELL_MS,
  enableReadyCheck: false,
  retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_MS),
  // After a failover the old address may lead to a replica: connect anew and repeat the command (2).
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
};

/** For commands that are answered at once. One that gets no answer fails after ten seconds. */
export function createCommandClient(url: string): Redis {
  return watchSilence(new Redis(url, { ...SHARED, commandTimeout: COMMAND_TIMEOUT_MS }));
}

/**
 * For commands that wait on the server. They are sent again after a loss of the connection for as long as it takes;
 * each wait must end by itself well before SILENCE_LIMIT_MS, or the connection is taken for dead.
 */
export function createBlockingClient(url: string): Redis {
  return watchSilence(createSubscriber(url));
}

/** For subscriptions, which are made again after a loss of the connection. */
export function createSubscriber(url: string): Redis {
  return new Redis(url, { ...SHARED, maxRetriesPerRequest: null });
}

/** Ends a connection, politely where the server answers. Never throws. */
export async function closeClient(client: Redis): Promise<void> {
  if (hasEnded(client)) return;
  if (client.status === 'ready') {
    const impatience = setTimeout(() => client.disconnect(), FAREWELL_MS);
    await client.quit().catch(() => undefined);
    clearTimeout(impatience);
  } else if (client.status === 'reconnecting') {
    // Between two tries `disconnect` would only cancel the next, and leave what waits for it unanswered.
    client.connect().catch(() => undefined);
  }
  if (!hasEnded(client)) client.disconnect();
}

/** `disconnect` on what has ended leaves a timer behind that keeps the process alive. */
function hasEnded(client: Redis): boolean {
  return client.status === 'end';
}

/**
 * Connects anew when the server has said nothing for too long although it was asked. By bytes and not by the answer to
 * one command, which may wait behind many that block; ioredis' own `socketTimeout` leaves its timer behind when the
 * connection ends and then cuts the next one.
 */
function watchSilence(client: Redis): Redis {
  let heard = 0;
  let heardAt = Date.now();
  let asking = false;
  client.on('connect', () => {
    heard = 0;
    heardAt = Date.now();
    asking = false;
  });
  const heartbeat = setInterval(() => {
    if (client.status !== 'ready') return;
    if (client.stream.bytesRead !== heard) {
      heard = client.stream.bytesRead;
      heardAt = Date.now();
    }
    if (Date.now() - heardAt >= SILENCE_LIMIT_MS) {
      client.disconnect(true);
      return;
    }
    if (asking) return;
    asking = true;
    const answered = (): void => {
      asking = false;
    };
    client.ping().then(answered, answered);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  client.once('end', () => clearInterval(heartbeat));
  return client;
}
