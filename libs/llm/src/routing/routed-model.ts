import type { CallOptions, ChatModel } from '../ports/chat-model.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type { Forward, ServedModel } from '../ports/model-server.js';
import type { ModelSettings } from '../ports/model-settings.js';
import type { Reranker } from '../ports/reranker.js';
import { changesNothing, loadingOf, saysHowToLoad, withSettings } from './apply-settings.js';
import { askFailingOver, streamFailingOver, type Attempt, type FailoverOptions } from './failover.js';
import { forwardRouted } from './routed-forward.js';
import { orderOf } from './target.js';

export interface RoutedModelOptions extends FailoverOptions {
  /** As clients name it. */
  model: string;
  settings: ModelSettings;
}

/** A model on one or several servers, under a name of its own, with what the administrator said about it. */
export class RoutedModel implements ServedModel {
  readonly chat: ChatModel;
  readonly embeddings?: EmbeddingModel;
  readonly reranker?: Reranker;
  readonly forward?: Forward;
  readonly #options: RoutedModelOptions;

  constructor(options: RoutedModelOptions) {
    this.#options = options;
    const servers = options.targets.map(({ site }) => site.server);
    this.chat = { stream: (request, call = {}) => this.#stream(request, call) };
    if (servers.every(({ forward }) => forward)) {
      this.forward = (request, sink) => void forwardRouted(options, request, sink);
    }
    if (servers.some(({ embeddings }) => embeddings)) this.embeddings = this.#embeddings();
    if (servers.some(({ reranker }) => reranker)) this.reranker = this.#reranker();
  }

  async countTokens(_model: string, text: string): Promise<number | null> {
    for (const { site, model } of orderOf(this.#options.targets, this.#options.random)) {
      const count = (await site.server.countTokens?.(model, text)) ?? null;
      if (count !== null) return count;
    }
    return null;
  }

  #stream(...[request, call = {}]: Parameters<ChatModel['stream']>): ReturnType<ChatModel['stream']> {
    const { settings } = this.#options;
    return streamFailingOver(this.#options, call.signal, (attempt) =>
      attempt.target.site.server.chat.stream(
        withSettings(request, attempt.target.model, settings),
        optionsOf(call, attempt),
      ),
    );
  }

  #embeddings(): EmbeddingModel {
    const loading = loadingOf(this.#options.settings);
    return {
      embed: (request, call = {}) =>
        askFailingOver(this.#options, call.signal, (attempt) => {
          const { site, model } = attempt.target;
          if (!site.server.embeddings) return Promise.reject(lacking(site.server.name));
          return site.server.embeddings.embed({ ...request, ...loading, model }, optionsOf(call, attempt));
        }),
    };
  }

  #reranker(): Reranker {
    return {
      rerank: (request, call = {}) =>
        askFailingOver(this.#options, call.signal, (attempt) => {
          const { site, model } = attempt.target;
          if (!site.server.reranker) return Promise.reject(lacking(site.server.name));
          return site.server.reranker.rerank({ ...request, model }, optionsOf(call, attempt));
        }),
    };
  }
}

function optionsOf(call: CallOptions, { maxRetries }: Attempt): CallOptions {
  return { ...call, ...(maxRetries !== undefined && { maxRetries }) };
}

/** So that the next server is asked. */
function lacking(server: string): ModelError {
  return new ModelError('model_not_found', `The model server ${server} has no such interface.`);
}

/** What serves the model at these targets: the server itself where there is nothing to decide or to change. */
export function serveModel(options: RoutedModelOptions): ServedModel {
  const [target, ...others] = options.targets;
  const isPlain = target !== undefined && others.length === 0 && target.site.isUnlimited;
  if (isPlain && target.model === options.model && changesNothing(options.settings)) {
    const { server } = target.site;
    if (server.loadsPerRequest !== true || !saysHowToLoad(options.settings)) return server;
  }
  return new RoutedModel(options);
}
