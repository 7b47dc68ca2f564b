import { sleep } from '@libs/kernel';
import { retryDelay } from '../openai-compatible/retry-policy.js';
import { toModelError } from '../openai-compatible/transport-error.js';
import { ModelError } from '../ports/model-error.js';
import { isWorthAnotherServer } from './site.js';
import { SERVER_BUSY } from './slots.js';
import { candidates, type Target } from './target.js';

export interface FailoverOptions {
  targets: readonly Target[];
  /** Further rounds over all servers, where each failed. */
  maxRetries: number;
  random: () => number;
}

/** One try at one server. */
export interface Attempt {
  target: Target;
  /** Further tries at this server itself; undefined: as many as it makes. With others to ask, none. */
  maxRetries: number | undefined;
}

/** Streams from the first server that begins to answer. What was begun is never begun anew elsewhere. */
export async function* streamFailingOver<Item>(
  options: FailoverOptions,
  signal: AbortSignal | undefined,
  ask: (attempt: Attempt) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const hasOthers = options.targets.length > 1;
  for (let round = 0; ; round += 1) {
    let last: ModelError | undefined;
    for (const target of candidates(options.targets, options.random)) {
      const attempt = new StreamAttempt(ask({ target, maxRetries: hasOthers ? 0 : undefined }), target, signal);
      try {
        yield* attempt.run();
        return;
      } catch (error) {
        last = toModelError(error, target.site.server.name, signal);
        if (attempt.begun || !isWorthAnotherServer(last)) throw last;
      }
    }
    await pauseBeforeRound(last, round, options, signal);
  }
}

/** As `streamFailingOver`, for an answer in one piece. */
export async function askFailingOver<Answer>(
  options: FailoverOptions,
  signal: AbortSignal | undefined,
  ask: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer> {
  async function* once(attempt: Attempt): AsyncGenerator<Answer> {
    yield await ask(attempt);
  }
  for await (const answer of streamFailingOver(options, signal, once)) return answer;
  throw new ModelError('unavailable', 'No model server has the model.');
}

/** Throws where another round is of no use. */
async function pauseBeforeRound(
  last: ModelError | undefined,
  round: number,
  { targets, maxRetries, random }: FailoverOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failure = last ?? new ModelError('unavailable', 'No model server has the model.');
  // One server alone has been asked again by its own client.
  const mayGoOn = targets.length > 1 && failure.details.code !== SERVER_BUSY;
  const delay = mayGoOn ? retryDelay(failure, round, maxRetries, random) : undefined;
  if (delay === undefined) throw failure;
  await sleep(delay, signal);
  if (signal?.aborted) throw toModelError(failure, '', signal);
}

/** Holds a slot of the server while its answer comes, and tells the breaker how it went. */
class StreamAttempt<Item> {
  begun = false;

  constructor(
    private readonly items: AsyncIterable<Item>,
    private readonly target: Target,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async *run(): AsyncGenerator<Item> {
    const { site } = this.target;
    const release = await site.slots.acquire(this.signal);
    try {
      site.note('ask');
      for await (const item of this.items) {
        if (!this.begun) site.note('success');
        this.begun = true;
        yield item;
      }
    } catch (error) {
      site.noteFailure(toModelError(error, site.server.name, this.signal));
      throw error;
    } finally {
      release();
    }
  }
}
