import type { Clock } from '@libs/kernel';
import type { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer } from '../ports/model-server.js';
import {
  admits,
  CLOSED,
  nextBreakerState,
  type BreakerEvent,
  type BreakerLimits,
  type BreakerState,
} from './circuit-breaker.js';
import { Slots, type SlotLimits } from './slots.js';

export interface SiteOptions {
  server: ModelServer;
  clock: Clock;
  /** The smallest is asked first. */
  priority: number;
  /** Share of the requests among those of the same priority. */
  weight: number;
  breaker: BreakerLimits;
  /** Absent: any number at once, or as many as the server says. */
  slots?: SlotLimits;
  /** How requests wait where the server itself says how many it works on at once. Absent: it is not listened to. */
  queue?: Omit<SlotLimits, 'max'>;
  /** Milliseconds between two questions for its health; absent or 0: none. */
  healthCheckMs?: number;
  /** Whether its models are offered although the catalog does not name them. */
  listsModels: boolean;
}

/** A model server among others: whether it is worth asking, and how much it may be asked at once. */
export class Site {
  readonly server: ModelServer;
  readonly priority: number;
  readonly weight: number;
  readonly listsModels: boolean;
  readonly slots: Slots;
  readonly #options: SiteOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #state: BreakerState = CLOSED;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.server = options.server;
    this.priority = options.priority;
    this.weight = options.weight;
    this.listsModels = options.listsModels;
    this.slots = new Slots(options.server.name, options.slots);
    if (options.healthCheckMs) {
      this.#timer = setInterval(() => void this.#checkHealth(), options.healthCheckMs);
      this.#timer.unref();
    }
  }

  get state(): BreakerState['kind'] {
    return this.#state.kind;
  }

  /** Whether every request may simply be handed to the server. */
  get isUnlimited(): boolean {
    return !this.slots.areLimited;
  }

  /** Takes the server's word on how many requests it works on at once, where the administrator gave none. */
  learn(models: readonly ModelInfo[]): void {
    const { slots, queue } = this.#options;
    const max = models.find((model) => model.slots !== undefined)?.slots;
    if (slots === undefined && queue && max !== undefined) this.slots.limitTo({ max, ...queue });
  }

  get admits(): boolean {
    return admits(this.#state, this.#options.clock.now());
  }

  note(event: BreakerEvent): void {
    this.#state = nextBreakerState(this.#state, event, this.#options.clock.now(), this.#options.breaker);
  }

  /** Notes how a request ended that failed. What is not the server's fault says that it works. */
  noteFailure(failure: ModelError): void {
    if (failure.kind === 'aborted') return;
    this.note(isFaultOfServer(failure) ? 'failure' : 'success');
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.server.close();
  }

  async #checkHealth(): Promise<void> {
    const health = await this.server.health();
    this.note(health.status === 'ok' ? 'healthy' : 'unhealthy');
  }
}

/** The code of errors about a model that is on its way to the server. */
export const MODEL_PULLING = 'model_pulling';

function isFaultOfServer({ kind, details: { status, code } }: ModelError): boolean {
  if (code === MODEL_PULLING) return false;
  if (kind === 'unavailable' || kind === 'timeout' || kind === 'failed') return true;
  return kind === 'rejected' && (status === 401 || status === 403);
}

/** Whether another server may do what this one did not. */
export function isWorthAnotherServer(failure: ModelError): boolean {
  if (failure.details.code === MODEL_PULLING) return true;
  return isFaultOfServer(failure) || failure.kind === 'rate_limited' || failure.kind === 'model_not_found';
}
