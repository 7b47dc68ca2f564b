import type { Clock } from '@libs/kernel';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer, ServerHealth } from '../ports/model-server.js';
import type { ModelSettings } from '../ports/model-settings.js';
import type { Reranker } from '../ports/reranker.js';
import { mergeListings, type Directory, type Listing } from './model-directory.js';

export interface NamedServerHealth {
  name: string;
  health: ServerHealth;
}

/** All configured model servers as one. */
export interface ModelGateway {
  readonly servers: readonly ModelServer[];
  /** Every server's models, each id once. Servers that do not answer are left out; 'unavailable' if none does. */
  listModels(): Promise<ModelInfo[]>;
  /** The server that has the model, where that is known without asking. Undefined says nothing. */
  known(model: string): ModelServer | undefined;
  /** The server that has the model. ModelError 'model_not_found', or 'unavailable' when no server answers. */
  resolve(model: string): Promise<ModelServer>;
  /** As `resolve`; ModelError 'rejected' where the model's server makes no embeddings. */
  embeddings(model: string): Promise<EmbeddingModel>;
  /** As `resolve`; ModelError 'rejected' where the model's server scores no documents. */
  reranker(model: string): Promise<Reranker>;
  /** What the administrator said about the model; empty for any other. */
  settings(model: string): ModelSettings;
  /** The configured default, else the first model listed. */
  defaultModel(): Promise<string>;
  health(): Promise<NamedServerHealth[]>;
  close(): Promise<void>;
}

export interface MergedGatewayOptions {
  servers: readonly ModelServer[];
  defaultModel?: string;
  /** By model. */
  settings?: Readonly<Record<string, ModelSettings>>;
  clock: Clock;
}

/** Milliseconds for which a list of models is taken as true. */
const LIST_LIFETIME_MS = 5000;
const NOTHING_SAID: ModelSettings = {};

export class MergedModelGateway implements ModelGateway {
  readonly servers: readonly ModelServer[];
  readonly #defaultModel: string | undefined;
  readonly #settings: Readonly<Record<string, ModelSettings>>;
  readonly #clock: Clock;
  #directory: Directory | undefined;
  #directoryTime = 0;
  #refreshing: Promise<Directory> | undefined;

  constructor(options: MergedGatewayOptions) {
    this.servers = options.servers;
    this.#defaultModel = options.defaultModel;
    this.#settings = options.settings ?? {};
    this.#clock = options.clock;
  }

  async listModels(): Promise<ModelInfo[]> {
    const directory = await this.#current();
    return directory.models;
  }

  known(model: string): ModelServer | undefined {
    const known = this.#directory?.homes.get(model);
    // A request on its way does not wait for a fresher list; the next one profits from it.
    if (known !== undefined && !this.#isFresh()) void this.#refresh().catch(() => undefined);
    return known;
  }

  async resolve(model: string): Promise<ModelServer> {
    const known = this.known(model);
    if (known !== undefined) return known;
    const directory = await this.#current();
    const home = directory.homes.get(model);
    if (home === undefined) throw new ModelError('model_not_found', `The model '${model}' does not exist`);
    return home;
  }

  async embeddings(model: string): Promise<EmbeddingModel> {
    const server = await this.resolve(model);
    if (server.embeddings === undefined) throw cannot(server, 'make embeddings');
    return server.embeddings;
  }

  async reranker(model: string): Promise<Reranker> {
    const server = await this.resolve(model);
    if (server.reranker === undefined) throw cannot(server, 'rank documents');
    return server.reranker;
  }

  settings(model: string): ModelSettings {
    return this.#settings[model] ?? NOTHING_SAID;
  }

  async defaultModel(): Promise<string> {
    if (this.#defaultModel !== undefined) return this.#defaultModel;
    const first = (await this.listModels())[0];
    if (first === undefined) throw new ModelError('model_not_found', 'No model server has a model.');
    return first.id;
  }

  health(): Promise<NamedServerHealth[]> {
    return Promise.all(this.servers.map(async (server) => ({ name: server.name, health: await server.health() })));
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  #isFresh(): boolean {
    return this.#clock.now() - this.#directoryTime < LIST_LIFETIME_MS;
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
    const listings = await Promise.all(this.servers.map(listingOf));
    const directory = mergeListings(listings, this.#directory);
    this.#directory = directory;
    this.#directoryTime = this.#clock.now();
    return directory;
  }
}

function cannot({ name }: ModelServer, what: string): ModelError {
  return new ModelError('rejected', `The model server ${name} does not ${what}.`, { status: 400, param: 'model' });
}

async function listingOf(server: ModelServer): Promise<Listing> {
  try {
    return { server, models: await server.listModels() };
  } catch (error) {
    return { server, error };
  }
}
