import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';

/** Those whose rows come and go again and again; the last one is there where pgvector is. */
const TABLES = ['index_postings', 'index_chunks', 'embeddings', 'index_vectors'];
/** How much a table grows before it is gone through, in parts of what it was: the work stays a share of the writing. */
const GROWTH = 1.25;
/** And at least, in pages of the database. */
const LEAST_PAGES = 1000;
/** Going through more would hold up everybody on the one connection for too long. */
const MOST_BYTES = 1e9;

/**
 * Has the places of deleted rows used again on the embedded database, which does not do so by itself. Joining postings
 * leaves more dead rows than living ones, and every search of a term reads over its dead ones.
 */
@Injectable()
export class IndexVacuum {
  private readonly isEmbedded: boolean;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.isEmbedded = config.DATABASE_URL === undefined;
  }

  /** Outside transactions only. */
  async run(): Promise<void> {
    if (!this.isEmbedded) return;
    // The last VACUUM left the number of pages that it found.
    const grown = await this.database.manager.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class
       WHERE relname = ANY($1) AND relkind = 'r' AND pg_table_is_visible(oid) AND pg_relation_size(oid) < $4
         AND pg_relation_size(oid) / current_setting('block_size')::int > $2::float8 * relpages + $3::int`,
      [TABLES, GROWTH, LEAST_PAGES, MOST_BYTES],
    );
    for (const { name } of grown) {
      if (TABLES.includes(name)) await this.database.manager.query(`VACUUM ${name}`);
    }
  }
}
