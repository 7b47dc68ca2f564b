import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';
import { hasOutgrown, listsFor } from './index-lists.js';

export type ApproximateType = 'hnsw' | 'ivf';

/** An index over the vectors of one store. */
interface StoreIndex {
  type: ApproximateType;
  store: number;
  dimensions: number;
}

interface WantedIndex extends StoreIndex {
  /** Chunks of the store now. */
  chunks: number;
}

interface FoundIndex {
  name: string;
  /** False where a build was broken off. */
  valid: boolean;
  building: boolean;
  /** Of an IVF index, as it was built. */
  lists: number | null;
}

/** Fewer are compared one by one in less time, and exactly. */
export const FEWEST_INDEXED = 10_000;
/**
 * More cannot be indexed on the embedded database within two seconds, for which it serves nobody else. Stores that need
 * an index are larger, so that in effect it builds none: ADR 0026.
 */
const MOST_EMBEDDED: Record<ApproximateType, number> = { hnsw: 500, ivf: 5000 };
/** pgvector's limit for halfvec. */
const MOST_DIMENSIONS = 4000;
const NAME = '^index_vectors_(hnsw|ivf)_[0-9]+_[0-9]+$';

/**
 * Keeps an index of the configured type over the vectors of each large store, and of nobody else's: what lies in it is
 * that store's alone, so that neighbours of another tenant neither take places in a search nor show in its time.
 */
@Injectable()
export class VectorIndexes {
  private readonly logger = new Logger('VectorIndexes');
  private readonly isEmbedded: boolean;
  /** As they were last seen; one that another process has dropped since costs time, not results. */
  private usable = new Set<string>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
  ) {
    this.isEmbedded = config.DATABASE_URL === undefined;
  }

  /** Whether there is anything to look for. */
  get isOn(): boolean {
    return this.usable.size > 0;
  }

  /** The type that searches of the store may use; null: none. */
  typeFor(store: number, dimensions: number): ApproximateType | null {
    const type = this.config.RAG_INDEX_TYPE;
    return type !== 'flat' && this.usable.has(nameOf({ type, store, dimensions })) ? type : null;
  }

  /** Sees what searches of this process may use; another one may have built it. Where there is pgvector only. */
  async look(fewest = FEWEST_INDEXED): Promise<void> {
    const wanted = new Map((await this.wanted(fewest)).map((index) => [nameOf(index), index]));
    const present = await this.present();
    this.usable = new Set(present.filter((index) => isGood(index, wanted)).map(({ name }) => name));
  }

  /**
   * Makes what large stores lack, and drops what nobody needs, what is broken, and what its store has outgrown. Where
   * there is pgvector only, and in one process at a time.
   */
  async tidy(signal: AbortSignal, fewest = FEWEST_INDEXED): Promise<void> {
    await this.look(fewest);
    for (const { name, building } of await this.present()) {
      if (!this.usable.has(name) && !building) await this.drop(name);
    }
    for (const index of await this.wanted(fewest)) {
      signal.throwIfAborted();
      const name = nameOf(index);
      if (!this.usable.has(name) && (await this.build(name, index))) this.usable.add(name);
    }
  }

  private async wanted(fewest: number): Promise<WantedIndex[]> {
    const { RAG_INDEX_TYPE: type, EMBEDDING_MODEL: model } = this.config;
    if (type === 'flat') return [];
    const most = this.isEmbedded ? MOST_EMBEDDED[type] : Infinity;
    const rows = await this.database.manager.query<{ number: number; dimensions: number; chunks: number }[]>(
      `SELECT number, dimensions, chunks FROM index_stores
       WHERE project_id IS NOT NULL AND embedding_model = $1 AND chunks >= $2 AND dimensions BETWEEN 1 AND $3`,
      [model, fewest, MOST_DIMENSIONS],
    );
    return rows
      .filter(({ chunks }) => chunks <= most)
      .map(({ number, dimensions, chunks }) => ({ type, store: number, dimensions, chunks }));
  }

  private present(): Promise<FoundIndex[]> {
    return this.database.manager.query<FoundIndex[]>(
      `SELECT c.relname AS name, i.indisvalid AS valid,
         EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid) AS building,
         (SELECT option_value::int FROM pg_options_to_table(c.reloptions) WHERE option_name = 'lists') AS lists
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid = 'index_vectors'::regclass AND c.relname ~ $1`,
      [NAME],
    );
  }

  /** On a server without keeping searches and writing from the table. */
  private async drop(name: string): Promise<void> {
    await this.database.manager.query(`DROP INDEX ${this.isEmbedded ? '' : 'CONCURRENTLY'} IF EXISTS ${name}`);
  }

  /** Beside searches and writing on a server; the embedded database does one thing at a time. */
  private async build(name: string, { type, store, dimensions, chunks }: WantedIndex): Promise<boolean> {
    const method = type === 'hnsw' ? 'hnsw' : 'ivfflat';
    const options = type === 'hnsw' ? '' : ` WITH (lists = ${listsFor(chunks)})`;
    try {
      await this.database.manager.query(
        `CREATE INDEX ${this.isEmbedded ? '' : 'CONCURRENTLY'} IF NOT EXISTS ${name} ON index_vectors
         USING ${method} (${vectorColumn(dimensions)} halfvec_cosine_ops)${options}
         WHERE ${indexCondition(store, dimensions)}`,
      );
      return true;
    } catch (error) {
      this.logger.warn(`The vectors of store ${store} are searched without an index: ${errorMessage(error)}`);
      return false;
    }
  }
}

function isGood({ name, valid, lists }: FoundIndex, wanted: ReadonlyMap<string, WantedIndex>): boolean {
  const index = wanted.get(name);
  return index !== undefined && valid && (lists === null || !hasOutgrown(lists, index.chunks));
}

function nameOf({ type, store, dimensions }: StoreIndex): string {
  return `index_vectors_${type}_${store}_${dimensions}`;
}

/** A store's vectors of one length: a change of the model may have left others. In SQL, as the index has it. */
export function indexCondition(store: number, dimensions: number): string {
  return `store = ${Math.trunc(store)} AND vector_dims(embedding) = ${Math.trunc(dimensions)}`;
}

export function vectorColumn(dimensions: number): string {
  return `(embedding::halfvec(${Math.trunc(dimensions)}))`;
}
