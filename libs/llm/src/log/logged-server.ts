import type { CallOptions, ChatModel } from '../ports/chat-model.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import type { Forward, ModelServer, PullProgress } from '../ports/model-server.js';
import type { Reranker } from '../ports/reranker.js';
import { CallRecorder } from './call-recorder.js';
import { loggedChat } from './logged-chat.js';
import { loggedForward } from './logged-forward.js';
import type { ModelLog } from './model-log.js';

/** A model server with each of its calls in the log. */
export class LoggedServer implements ModelServer {
  readonly name: string;
  readonly kind: string;
  readonly address?: string;
  readonly chat: ChatModel;
  readonly embeddings?: EmbeddingModel;
  readonly reranker?: Reranker;
  readonly loadsPerRequest?: boolean;
  readonly pullOf?: (model: string) => PullProgress | undefined;
  readonly countTokens?: (model: string, text: string) => Promise<number | null>;
  readonly forward?: Forward;

  constructor(
    private readonly server: ModelServer,
    private readonly log: ModelLog,
  ) {
    const { name, kind, address, chat, embeddings, reranker, forward } = server;
    this.name = name;
    this.kind = kind;
    this.chat = loggedChat(chat, name, log);
    if (address !== undefined) this.address = address;
    if (server.countTokens) this.countTokens = async (model, text) => (await server.countTokens?.(model, text)) ?? null;
    if (server.loadsPerRequest !== undefined) this.loadsPerRequest = server.loadsPerRequest;
    if (server.pullOf) this.pullOf = (model) => server.pullOf?.(model);
    if (forward) this.forward = loggedForward(forward, name, log);
    if (embeddings) {
      this.embeddings = {
        embed: (request, options) =>
          this.record('/embeddings', request, options, () => embeddings.embed(request, options), countVectors),
      };
    }
    if (reranker) {
      this.reranker = {
        rerank: (request, options) =>
          this.record(
            '/rerank',
            request,
            options,
            () => reranker.rerank(request, options),
            (scores) => scores,
          ),
      };
    }
  }

  listModels(options?: CallOptions): ReturnType<ModelServer['listModels']> {
    return this.server.listModels(options);
  }

  health(): ReturnType<ModelServer['health']> {
    return this.server.health();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async record<Answer>(
    path: string,
    request: unknown,
    options: CallOptions | undefined,
    call: () => Promise<Answer>,
    shown: (answer: Answer) => unknown,
  ): Promise<Answer> {
    const runId = options?.context?.runId ?? null;
    if (!this.log.wants(runId)) return call();
    const recorder = new CallRecorder(this.log, { server: this.name, path, runId, request });
    try {
      const answer = await call();
      recorder.end(shown(answer));
      return answer;
    } catch (error) {
      recorder.end(null, error);
      throw error;
    }
  }
}

/** The vectors themselves tell a reader nothing. */
function countVectors({ vectors, promptTokens }: { vectors: Float32Array[]; promptTokens: number }): unknown {
  return { vectors: vectors.length, dimensions: vectors[0]?.length ?? 0, promptTokens };
}
