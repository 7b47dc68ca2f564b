import { Redis } from 'ioredis';
import { TEST_REDIS_URL } from './requirements.js';

/** Database 0 is left to suites that live by prefixes of their own. */
const DATABASES = Array.from({ length: 15 }, (_, index) => index + 1);
const CLAIM_KEY = 'threadmill-test-claim';
/** A claim whose test was killed ends by itself. */
const CLAIM_SECONDS = 900;

export interface RedisDatabase {
  url: string;
  /** Empties it and gives it back. */
  release(): Promise<void>;
}

/** One of the numbered databases of the test's Redis, empty and for this test alone. */
export async function claimRedisDatabase(): Promise<RedisDatabase> {
  for (const number of DATABASES) {
    const url = new URL(TEST_REDIS_URL);
    url.pathname = `/${number}`;
    if (await claim(url.href)) return { url: url.href, release: () => withRedis(url.href, (redis) => redis.flushdb()) };
  }
  throw new Error(`All of the databases 1 to ${DATABASES.length} of ${TEST_REDIS_URL} are claimed.`);
}

async function claim(url: string): Promise<boolean> {
  let isClaimed = false;
  await withRedis(url, async (redis) => {
    isClaimed = (await redis.set(CLAIM_KEY, String(process.pid), 'EX', CLAIM_SECONDS, 'NX')) === 'OK';
    if (!isClaimed) return;
    const left = (await redis.keys('*')).filter((key) => key !== CLAIM_KEY);
    if (left.length > 0) await redis.del(left);
  });
  return isClaimed;
}

async function withRedis(url: string, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    await use(redis);
  } finally {
    redis.disconnect();
  }
}
