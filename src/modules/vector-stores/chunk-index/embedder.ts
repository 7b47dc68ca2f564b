import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { ModelError, type ModelGateway } from '@libs/llm';
import { GrowingPause, PatientEmbedder, type IndexScope } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { EmbeddingsRepository } from './embeddings.repository.js';
import type { TextEmbedder } from './text-embedder.js';

/** Nobody waits for it. */
const IN_BACKGROUND = { retries: 6 };
/** A file that is being ingested waits for it, and others behind that one; what fails is done in the background. */
const AT_ONCE = { retries: 0, callMs: 30_000 };
/** A question waits for nobody: whoever asks would rather have results by words alone. */
const FOR_A_QUESTION = { retries: 0 };
const FIRST_PAUSE_MS = 500;

const AWAY = 'The embedding model has just failed, and is not asked again yet.';

export type Urgency = 'at-once' | 'in-background';

/** Turns texts into vectors, each text of a project once. */
@Injectable()
export class Embedder implements TextEmbedder {
  /** The configured model; undefined where there is none. */
  readonly model: string | undefined;
  private readonly documents: PatientEmbedder;
  private readonly questions: PatientEmbedder;
  private readonly pause = new GrowingPause();
  private lastLength: number | undefined;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(MODEL_GATEWAY) gateway: ModelGateway,
    private readonly repository: EmbeddingsRepository,
  ) {
    this.model = config.EMBEDDING_MODEL;
    const limits = {
      batchSize: config.EMBEDDING_BATCH_SIZE,
      concurrency: config.EMBEDDING_CONCURRENCY,
      firstPauseMs: FIRST_PAUSE_MS,
    };
    const find = (model: string): ReturnType<ModelGateway['embeddings']> => gateway.embeddings(model);
    this.documents = new PatientEmbedder(this.model ?? '', find, limits);
    // Questions must not queue behind documents.
    const concurrency = Number.MAX_SAFE_INTEGER;
    this.questions = new PatientEmbedder(this.model ?? '', find, { ...limits, concurrency });
  }

  /** Of the vectors that the model gave last; undefined where it was not asked yet. */
  get length(): number | undefined {
    return this.lastLength;
  }

  /** Asks the model what its vectors are like now. */
  async learnLength(signal: AbortSignal): Promise<void> {
    await this.ask(['text'], 'in-background', signal);
  }

  async embedTexts(scope: IndexScope, texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    return complete(await this.embedChunks(scope, texts, 'at-once', signal));
  }

  /** A vector for each text, in order, null for one that the model refuses; those that are known are not asked for again. */
  async embedChunks(
    scope: IndexScope,
    texts: readonly string[],
    urgency: Urgency,
    signal?: AbortSignal,
  ): Promise<(Float32Array | null)[]> {
    if (this.model === undefined || texts.length === 0) return [];
    const hashes = texts.map((text) => createHash('sha256').update(text).digest());
    const kept = await this.repository.find(scope, this.model, hashes);
    const known = new Map<string, Float32Array | null>(
      [...kept].filter(([, { length }]) => this.lastLength === undefined || length === this.lastLength),
    );
    const missing = new Map<string, { hash: Buffer; text: string }>();
    hashes.forEach((hash, index) => {
      const key = hash.toString('hex');
      if (!known.has(key)) missing.set(key, { hash, text: texts[index] ?? '' });
    });
    const entries = [...missing.values()];
    const asked = entries.map(({ text }) => text);
    const vectors = asked.length === 0 ? [] : await this.ask(asked, urgency, signal);
    entries.forEach(({ hash }, index) => known.set(hash.toString('hex'), vectors[index] ?? null));
    const added = entries.flatMap(({ hash }, index) => {
      const vector = vectors[index];
      return vector ? [{ hash, vector }] : [];
    });
    if (added.length > 0) await this.repository.insert(scope, this.model, added);
    return hashes.map((hash) => known.get(hash.toString('hex')) ?? null);
  }

  /** The vectors of a search's queries. */
  async embedQuestions(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    return complete(this.learn(await this.questions.embed(texts, { ...FOR_A_QUESTION, signal })));
  }

  private learn(vectors: (Float32Array | null)[]): (Float32Array | null)[] {
    this.lastLength = vectors.findLast((vector) => vector !== null)?.length ?? this.lastLength;
    return vectors;
  }

  private async ask(
    texts: readonly string[],
    urgency: Urgency,
    signal: AbortSignal | undefined,
  ): Promise<(Float32Array | null)[]> {
    if (urgency === 'at-once' && this.pause.isOn) throw new ModelError('unavailable', AWAY);
    const patience = urgency === 'at-once' ? AT_ONCE : IN_BACKGROUND;
    try {
      const vectors = this.learn(await this.documents.embed(texts, { ...patience, signal }));
      this.pause.succeeded();
      return vectors;
    } catch (error) {
      if (signal?.aborted !== true) this.pause.failed();
      throw error;
    }
  }
}

function complete(vectors: readonly (Float32Array | null)[]): Float32Array[] {
  return vectors.map((vector) => {
    if (vector === null) throw new ModelError('rejected', 'The embedding model refuses a text.');
    return vector;
  });
}
