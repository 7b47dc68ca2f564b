import type { DataSource } from 'typeorm';
import { readPostings } from '@libs/retrieval';
import { withDatabase } from '../../race/support/race-database.js';
import type { TestServer } from '../../support/server.js';

/** What must not be in an index in which nobody is writing: doubles, holes, and what is left of files that were begun. */
const BREACHES = `
SELECT 'there are ' || count(*) || ' files' AS breach FROM index_files WHERE state = 'live' HAVING count(*) <> $1
UNION ALL SELECT 'file ' || file_id || ' is there ' || count(*) || ' times' FROM index_files
  WHERE state = 'live' GROUP BY file_id HAVING count(*) > 1
UNION ALL SELECT 'file ' || f.file_id || ' has ' || count(c.number) || ' of ' || f.chunks || ' chunks'
  FROM index_files f LEFT JOIN index_chunks c
    ON c.store = f.store AND c.number >= f.first_chunk AND c.number < f.first_chunk + f.chunks
  WHERE f.state = 'live' GROUP BY f.store, f.file_id, f.chunks HAVING count(c.number) <> f.chunks
UNION ALL SELECT 'chunk ' || c.number || ' is of no file' FROM index_chunks c WHERE NOT EXISTS (
  SELECT 1 FROM index_files f WHERE f.store = c.store AND f.first_chunk = c.first_chunk AND f.state = 'live')
UNION ALL SELECT 'store ' || s.number || ' counts ' || s.chunks || ' chunks' FROM index_stores s
  WHERE s.chunks <> (SELECT coalesce(sum(chunks), 0) FROM index_files f WHERE f.store = s.number AND f.state = 'live')
UNION ALL SELECT 'set ' || id || ' is of no file' FROM vector_store_chunk_sets WHERE store_file_id IS NULL
UNION ALL SELECT 'set ' || id || ' is not in the index' FROM vector_store_chunk_sets
  WHERE store_file_id IS NOT NULL AND id NOT IN (SELECT file_id FROM index_files WHERE state = 'live')
`;

/** Where chunks have vectors. */
const VECTOR_BREACHES = `
SELECT 'chunk ' || c.number || ' has no vector' AS breach FROM index_chunks c
  WHERE NOT EXISTS (SELECT 1 FROM index_vectors v WHERE v.store = c.store AND v.number = c.number)
UNION ALL SELECT 'vector ' || v.number || ' is of no chunk' FROM index_vectors v
  WHERE NOT EXISTS (SELECT 1 FROM index_chunks c WHERE c.store = v.store AND c.number = v.number)
`;

/** What the terms say of chunks that are there: each has some, and no term has a chunk twice. */
async function findPostingBreaches(database: DataSource): Promise<string[]> {
  const chunks = await database.query<{ store: number; number: number }[]>(`SELECT store, number FROM index_chunks`);
  const bare = new Set(chunks.map(({ store, number }) => `${store}:${number}`));
  const rows = await database.query<{ store: number; term: string; data: Buffer }[]>(
    `SELECT store, term, string_agg(data, '') AS data FROM index_postings GROUP BY store, term`,
  );
  const doubled = rows.filter(({ store, data }) => {
    const { chunks: holders } = readPostings(data);
    for (const number of holders) bare.delete(`${store}:${number}`);
    return new Set(holders).size < holders.length;
  });
  return [
    ...[...bare].map((chunk) => `chunk ${chunk} has no terms`),
    ...doubled.map(({ term }) => `the term ${term} has a chunk twice`),
  ];
}

/** What is wrong with the index of a server all of whose files are ingested. The embedded one's stops for it. */
export function findIndexBreaches(server: TestServer, files: number, hasVectors: boolean): Promise<string[]> {
  return withDatabase(server, async (database) => {
    const rows = await database.query<{ breach: string }[]>(BREACHES, [files]);
    if (hasVectors) rows.push(...(await database.query<{ breach: string }[]>(VECTOR_BREACHES)));
    return [...rows.map(({ breach }) => breach), ...(await findPostingBreaches(database))];
  });
}

/** How many files workers have at this moment. For servers on Postgres. */
export async function filesBeingIngested(server: TestServer): Promise<number> {
  const rows = await withDatabase(server, (database) =>
    database.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM vector_store_files WHERE status = 'in_progress' AND lease_expires_at > now()`,
    ),
  );
  return rows[0]?.count ?? 0;
}
