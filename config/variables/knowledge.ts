import { integer } from '../variable.js';

/** Vector stores, and how files get into them. */
export const KNOWLEDGE = {
  INGESTION_CONCURRENCY: integer({
    default: 2,
    min: 1,
    max: 256,
    description: 'Files that one process parses and indexes at once.',
  }),
  INGESTION_LEASE_SECONDS: integer({
    default: 15,
    min: 2,
    max: 3600,
    description: 'Seconds of silence after which the file of a worker is given to another one.',
  }),
} as const;
