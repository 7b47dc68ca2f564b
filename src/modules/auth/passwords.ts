import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { DetailError } from '../../common/errors/index.js';
import { ConcurrencyGate, GateFullError } from './concurrency-gate.js';

/** argon2id (the library's default algorithm) with OWASP's first choice: 19 MiB, two passes, one lane. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing runs on libuv's few threads, which file reads and writes need as well: leave them half. */
const HASHES_AT_ONCE = 2;
const MOST_WAITING = 100;

/** Hashes and checks passwords off the event loop. Both throw a DetailError 503 when too many wait. */
@Injectable()
export class Passwords {
  private readonly gate = new ConcurrencyGate(HASHES_AT_ONCE, MOST_WAITING);
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.guarded(() => hash(password, COST));
  }

  /** Does the same work for a user that does not exist (no hash), so that the time tells nothing. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const decoy = await this.decoyHash();
    const matches = await this.guarded(() => verify(passwordHash ?? decoy, password));
    return matches && passwordHash !== undefined;
  }

  /** Made before the first check of all, known or unknown user, and so no sign of either. */
  private decoyHash(): Promise<string> {
    this.decoy ??= hash(randomBytes(32), COST);
    return this.decoy;
  }

  private async guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.gate.run(work);
    } catch (error) {
      if (!(error instanceof GateFullError)) throw error;
      throw new DetailError(503, 'Too many logins at once. Try again shortly.', { 'retry-after': '2' });
    }
  }
}
