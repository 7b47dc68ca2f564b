import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import type { ModelGateway } from '@libs/llm';
import { PatientEmbedder, type IndexScope } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { EmbeddingsRepository } from './embeddings.repository.js';
import type { TextEmbedder } from './text-embedder.js';

const RETRIES = 6;
const FIRST_PAUSE_MS = 500;
/** A question waits for nobody: whoever asks would rather have results by words alone. */
const QUESTION_RETRIES = 0;

/** Turns texts into vectors, each text of a project once. */
@Injectable()
export class Embedder implements TextEmbedder {
  /** The configured model; undefined where there is none. */
  readonly model: string | undefined;
  private readonly documents: PatientEmbedder;
  private readonly questions: PatientEmbedder;

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
    this.documents = new PatientEmbedder(this.model ?? '', find, { ...limits, retries: RETRIES });
    this.questions = new PatientEmbedder(this.model ?? '', find, {
      ...{ ...limits, retries: QUESTION_RETRIES },
      // Questions must not queue behind documents.
      concurrency: Number.MAX_SAFE_INTEGER,
    });
  }

  /** A vector for each text, in order; those that are known are not asked for again. */
  async embedTexts(scope: IndexScope, texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    if (this.model === undefined || texts.length === 0) return [];
    const hashes = texts.map((text) => createHash('sha256').update(text).digest());
    const known = await this.repository.find(scope, this.model, hashes);
    const missing = new Map<string, { hash: Buffer; text: string }>();
    hashes.forEach((hash, index) => {
      const key = hash.toString('hex');
      if (!known.has(key)) missing.set(key, { hash, text: texts[index] ?? '' });
    });
    const entries = [...missing.values()];
    const vectors = await this.documents.embed(
      entries.map(({ text }) => text),
      signal,
    );
    const added = entries.map(({ hash }, index) => ({ hash, vector: vectors[index] ?? new Float32Array() }));
    if (added.length > 0) await this.repository.insert(scope, this.model, added);
    for (const { hash, vector } of added) known.set(hash.toString('hex'), vector);
    return hashes.map((hash) => known.get(hash.toString('hex')) ?? new Float32Array());
  }

  /** The vectors of a search's queries. */
  embedQuestions(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    return this.questions.embed(texts, signal);
  }
}
