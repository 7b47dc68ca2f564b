import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';

export type ApproximateType = 'hnsw' | 'ivf';

/** An index over the vectors of one store. */
interface StoreIndex {
  type: ApproximateType;
  store: number;
  dimensions: number;
}

interface FoundIndex extends StoreIndex {
  name: string;
  valid: boolean;
  building: boolean;
}

/** Fewer are compared one by one in less time, and exactly. */
export const FEWEST_INDEXED = 10_000;
/** More cannot be indexed on the embedded database while others wait, which ends what takes a minute: ADR 0026. */
const MOST_EMBEDDED: Record<ApproximateType, number> = { hnsw: 2000, ivf: 20_000 };
/** pgvector's limit for halfvec. */
const MOST_DIMENSIONS = 4000;
const NAME = /^index_vectors_(hnsw|ivf)_(\d+)_(\d+)$/;
/** One list for so many rows, as pgvector's README has it. */
const ROWS_A_LIST = 1000;

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

  /** Makes what large stores lack, and drops what nobody needs. Where there is pgvector only. */
  async tidy(signal: AbortSignal, fewest = FEWEST_INDEXED): Promise<void> {
    const wanted = new Map((await this.wanted(fewest)).map((index) => [nameOf(index), index]));
    const usable = new Set<string>();
    for (const { name, valid, building } of await this.present()) {
      if (wanted.has(name) && valid) usable.add(name);
      else if (!building) await this.database.manager.query(`DROP INDEX IF EXISTS ${name}`);
    }
    this.usable = usable;
    for (const [name, index] of wanted) {
      signal.throwIfAborted();
      if (!usable.has(name) && (await this.build(name, index))) usable.add(name);
    }
  }

  private async wanted(fewest: number): Promise<StoreIndex[]> {
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
      .map(({ number, dimensions }) => ({ type, store: number, dimensions }));
  }

  private async present(): Promise<FoundIndex[]> {
    const rows = await this.database.manager.query<{ name: string; valid: boolean; building: boolean }[]>(
      `SELECT c.relname AS name, i.indisvalid AS valid,
         EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid) AS building
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'index_vectors'::regclass`,
    );
    return rows.flatMap((row) => {
      const [, type, store, dimensions] = NAME.exec(row.name) ?? [];
      if (type !== 'hnsw' && type !== 'ivf') return [];
      return [{ ...row, type, store: Number(store), dimensions: Number(dimensions) }];
    });
  }

  /** Beside searches and writing on a server; the embedded database does one thing at a time. */
  private async build(name: string, { type, store, dimensions }: StoreIndex): Promise<boolean> {
    const method = type === 'hnsw' ? 'hnsw' : 'ivfflat';
    const options = type === 'hnsw' ? '' : ` WITH (lists = ${await this.listsFor(store)})`;
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

  private async listsFor(store: number): Promise<number> {
    const rows = await this.database.manager.query<{ chunks: number }[]>(
      `SELECT chunks FROM index_stores WHERE number = $1`,
      [store],
    );
    return Math.max(1, Math.ceil((rows[0]?.chunks ?? 0) / ROWS_A_LIST));
  }
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
