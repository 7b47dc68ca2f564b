import type { QueueOptions } from 'bull';
import { createBlockingClient, createCommandClient, createSubscriber } from '../common/redis-clients.js';

/** Bull waits for a job this many seconds at a time; must stay well below the silence limit of a connection. */
const WAIT_SECONDS = 5;
const RETRY_AFTER_ERROR_MS = 1000;

const CREATE_CLIENT = { client: createCommandClient, bclient: createBlockingClient, subscriber: createSubscriber };

/**
 * How Bull keeps a queue. Jobs leave no trace and are not retried: the row is the truth, and its owner's reaper finds
 * what was lost. A job whose worker died before it said so is handed over once more by Bull itself.
 */
export function bullOptions(url: string, prefix: string): QueueOptions {
  return {
    prefix,
    createClient: (type) => CREATE_CLIENT[type](url),
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    settings: { drainDelay: WAIT_SECONDS, retryProcessDelay: RETRY_AFTER_ERROR_MS, maxStalledCount: 1 },
  };
}
