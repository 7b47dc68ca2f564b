import { Injectable } from '@nestjs/common';
import type { Attributes, DocumentMetadata } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { LeasedFilesRepository } from '../leased-files.repository.js';
import type { StoreFileError } from '../vector-stores.types.js';

/** Files in stores as the workers see them that read them. */
@Injectable()
export class IngestionRepository extends LeasedFilesRepository {
  constructor(database: Database) {
    super(database, {
      owner: 'lease_owner',
      until: 'lease_expires_at',
      tries: 'claims',
      isOpen: `status = 'in_progress'`,
      isDue: `(lease_expires_at IS NULL OR lease_expires_at < now()) AND (retry_at IS NULL OR retry_at <= now())`,
      atStart: 'progress = 0',
    });
  }

  async noteProgress(id: string, owner: string, progress: number): Promise<boolean> {
    return (await this.changeHeld(id, owner, 'progress = $3', progress)) !== null;
  }

  /** The attributes as they are now; null: refused. */
  complete(
    id: string,
    owner: string,
    { usageBytes, documentMetadata }: { usageBytes: number; documentMetadata: DocumentMetadata },
  ): Promise<Attributes | null> {
    return this.changeHeld(
      id,
      owner,
      `status = 'completed', usage_bytes = $3, document_metadata = $4, progress = 100, ${NO_LEASE}, retry_at = NULL,
       summary_due_at = now(), summary_status = ${SUMMARY_STATUS}`,
      usageBytes,
      JSON.stringify(documentMetadata),
    );
  }

  async fail(id: string, owner: string, error: StoreFileError): Promise<boolean> {
    const assignments = `status = 'failed', last_error = $3, ${NO_LEASE}, retry_at = NULL`;
    return (await this.changeHeld(id, owner, assignments, JSON.stringify(error))) !== null;
  }

  /**
   * Gives the file back for another try.
   * @param counts whether this try counts among those that a file has
   */
  async giveBack(id: string, owner: string, { delayMs, counts }: { delayMs: number; counts: boolean }): Promise<void> {
    const assignments = `${NO_LEASE}, progress = 0, claims = claims - $4,
      retry_at = now() + $3 * interval '1 millisecond'`;
    await this.changeHeld(id, owner, assignments, delayMs, counts ? 0 : 1);
  }

  /** On the embedded database every lease is one of this process's predecessors: at start all are void. */
  async voidAllLeases(): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET ${NO_LEASE} WHERE status = 'in_progress' AND lease_owner IS NOT NULL`,
    );
    await this.database.manager.query(
      `UPDATE vector_store_chunk_sets SET lease_expires_at = now() WHERE lease_expires_at > now()`,
    );
  }
}

const NO_LEASE = 'lease_owner = NULL, lease_expires_at = NULL';
/** Holds the store, so that a file that comes while summaries are asked for is not forgotten. */
const SUMMARY_STATUS = `CASE WHEN (
  SELECT has_summaries FROM vector_stores AS store WHERE store.id = vector_store_files.vector_store_id FOR KEY SHARE
) THEN 'in_progress' END`;
