import type { Clock } from '@libs/kernel';
import { pullHint } from '../ollama/ollama-server.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer, PullProgress, ServedModel, ServerHealth } from '../ports/model-server.js';
import type { ModelSettings } from '../ports/model-settings.js';
import type { Reranker } from '../ports/reranker.js';
import type { BreakerState } from '../routing/circuit-breaker.js';
import { serveModel } from '../routing/routed-model.js';
import type { Site } from '../routing/site.js';
import type { Target } from '../routing/target.js';
import { withForwardInside, type AroundForward } from './around-forward.js';
import { mergeListings, type Catalog, type Directory, type Listing } from './model-directory.js';

export interface NamedServerHealth {
  name: string;
  health: ServerHealth;
}

/** One server that has a model. */
export interface ModelPlace {
  server: string;
  kind: string;
  /** Not for users' eyes. */
  address: string | undefined;
  /** As that server names the model. */
  model: string;
  priority: number;
  weight: number;
  /** What the circuit breaker thinks of the server. */
  state: BreakerState['kind'];
  /** Where the server is about to fetch the model. */
  pull?: PullProgress;
}

/** All configured model servers as one. */
export interface ModelGateway {
  readonly servers: readonly ModelServer[];
  /** Every server's models, each id once. Servers that do not answer are left out; 'unavailable' if none does. */
  listModels(): Promise<ModelInfo[]>;
  /** What serves the model, where that is known without asking. Undefined says nothing. */
  known(model: string): ServedModel | undefined;
  /** What serves the model. ModelError 'model_not_found', or 'unavailable' when no server answers. */
  resolve(model: string): Promise<ServedModel>;
  /** As `resolve`; ModelError 'rejected' where the model's server makes no embeddings. */
  embeddings(model: string): Promise<EmbeddingModel>;
  /** As `resolve`; ModelError 'rejected' where the model's server scores no documents. */
  reranker(model: string): Promise<Reranker>;
  /** What the administrator said about the model; empty for any other. */
  settings(model: string): ModelSettings;
  /** Where the model is, as far as that is known; in the order of priority. */
  places(model: string): ModelPlace[];
  /** The one chosen since, else the configured default, else the first model listed. */
  defaultModel(): Promise<string>;
  health(): Promise<NamedServerHealth[]>;
  close(): Promise<void>;
}

export interface MergedGatewayOptions {
  sites: readonly Site[];
  catalog?: Catalog;
  defaultModel?: string;
  /** Finds what was made the default since: it wins over `defaultModel`. Null: nothing. */
  chosenModel?: (() => Promise<string | null>) | undefined;
  /** By model. */
  settings?: ReadonlyMap<string, ModelSettings>;
  /** Further rounds over the servers of a model that has several. */
  maxRetries: number;
  aroundForward?: AroundForward | undefined;
  clock: Clock;
  random?: () => number;
}

/** Milliseconds for which a list of models is taken as true. */
const LIST_LIFETIME_MS = 5000;
const NOTHING_SAID: ModelSettings = {};

export class MergedModelGateway implements ModelGateway {
  readonly servers: readonly ModelServer[];
  readonly #options: MergedGatewayOptions;
  #directory: Directory | undefined;
  #directoryTime = 0;
  #refreshing: Promise<Directory> | undefined;
  /** What serves the models that were asked for since the directory was made. */
  readonly #served = new Map<string, ServedModel>();

  constructor(options: MergedGatewayOptions) {
    this.#options = options;
    this.servers = options.sites.map(({ server }) => server);
  }

  async listModels(): Promise<ModelInfo[]> {
    const { models } = await this.#current();
    return models.map((model) => {
      const { contextSize } = this.settings(model.id);
      return contextSize === undefined ? model : { ...model, contextSize };
    });
  }

  known(model: string): ServedModel | undefined {
    const known = this.#serve(model);
    // A request on its way does not wait for a fresher list; the next one profits from it.
    if (known !== undefined && !this.#isFresh()) void this.#refresh().catch(() => undefined);
    return known;
  }

  async resolve(model: string): Promise<ServedModel> {
    const known = this.known(model);
    if (known !== undefined) return known;
    await this.#current();
    const found = this.#serve(model);
    if (found === undefined) throw new ModelError('model_not_found', this.#unknown(model));
    return found;
  }

  #unknown(model: string): string {
    const message = `The model '${model}' does not exist`;
    const hasOllama = this.servers.some(({ kind }) => kind === 'ollama');
    return hasOllama ? `${message}. ${pullHint(model)}` : message;
  }

  async embeddings(model: string): Promise<EmbeddingModel> {
    const { embeddings } = await this.resolve(model);
    if (embeddings === undefined) throw cannot(model, 'make embeddings');
    return embeddings;
  }

  async reranker(model: string): Promise<Reranker> {
    const { reranker } = await this.resolve(model);
    if (reranker === undefined) throw cannot(model, 'rank documents');
    return reranker;
  }

  settings(model: string): ModelSettings {
    const said = this.#options.settings?.get(model) ?? NOTHING_SAID;
    const hasNoTools = this.#directory?.homes.get(model)?.some(({ site }) => site.server.kind === 'gguf') === true;
    return hasNoTools ? { protocol: 'react', ...said } : said;
  }

  places(model: string): ModelPlace[] {
    const targets = this.#directory?.homes.get(model) ?? [];
    return [...targets].sort((one, other) => one.priority - other.priority).map(toPlace);
  }

  async defaultModel(): Promise<string> {
    const { defaultModel, chosenModel } = this.#options;
    const named = (await chosenModel?.()) ?? defaultModel;
    if (named !== undefined) return named;
    const first = (await this.listModels())[0];
    if (first === undefined) throw new ModelError('model_not_found', 'No model server has a model.');
    return first.id;
  }

  health(): Promise<NamedServerHealth[]> {
    const { sites } = this.#options;
    return Promise.all(sites.map(async ({ server }) => ({ name: server.name, health: await server.health() })));
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.sites.map((site) => site.close()));
  }

  #serve(model: string): ServedModel | undefined {
    const targets = this.#directory?.homes.get(model);
    if (targets === undefined) return undefined;
    const served = this.#served.get(model) ?? this.#route(model, targets);
    this.#served.set(model, served);
    return served;
  }

  #route(model: string, targets: readonly Target[]): ServedModel {
    const { maxRetries, random = Math.random, aroundForward } = this.#options;
    const served = serveModel({ model, targets, settings: this.settings(model), maxRetries, random });
    return aroundForward ? withForwardInside(aroundForward, served, model) : served;
  }

  #isFresh(): boolean {
    return this.#options.clock.now() - this.#directoryTime < LIST_LIFETIME_MS;
  }

  #current(): Promise<Directory> {
    return this.#directory !== undefined && this.#isFresh() ? Promise.resolve(this.#directory) : this.#refresh();
  }

  /** Asks every server; whoever comes meanwhile waits for the same answer. */
  #refresh(): Promise<Directory> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #ask(): Promise<Directory> {
    const { sites, catalog = new Map<string, readonly Target[]>() } = this.#options;
    const listings = await Promise.all(sites.map(listingOf));
    const directory = mergeListings(listings, catalog, this.#directory);
    this.#directory = directory;
    this.#directoryTime = this.#options.clock.now();
    this.#served.clear();
    return directory;
  }
}

function toPlace({ site, model, priority, weight }: Target): ModelPlace {
  const { server, state } = site;
  const pull = server.pullOf?.(model);
  const place = { server: server.name, kind: server.kind, address: server.address, model, priority, weight, state };
  return pull === undefined ? place : { ...place, pull };
}

function cannot(model: string, what: string): ModelError {
  const message = `The model server of '${model}' does not ${what}.`;
  return new ModelError('rejected', message, { status: 400, param: 'model', code: 'model_not_supported' });
}

async function listingOf(site: Site): Promise<Listing> {
  try {
    const models = await site.server.listModels();
    site.learn(models);
    return { site, models };
  } catch (error) {
    return { site, error };
  }
}
