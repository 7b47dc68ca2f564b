import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { newId } from '@libs/kernel';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';
import { Claim } from '../../../jobs/claim.js';
import { watchClaim, type ClaimWatch } from '../../../jobs/claim-watch.js';
import { ChunkSetsRepository } from '../chunk-sets.repository.js';
import type { StoreFileRecord } from '../vector-stores.types.js';
import { IngestionRepository } from './ingestion.repository.js';

/** A file that a worker has. */
export interface ClaimedFile {
  file: StoreFileRecord & { claims: number };
  claim: Claim;
  /** Where its chunks come: a set of this claim's own, so that a lost worker's late ones are never among them. */
  chunkSetId: string;
}

/** Takes files for a worker, and keeps them for it. */
@Injectable()
export class IngestionClaims {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly files: IngestionRepository,
    private readonly sets: ChunkSetsRepository,
  ) {}

  /** The file whose turn it is; null where nothing is to be done. */
  take(): Promise<ClaimedFile | null> {
    const claim = new Claim(this.config.INGESTION_LEASE_SECONDS * 1000);
    return this.database.transaction(async () => {
      const row = await this.files.claimNext(claim.token, claim.leaseMs);
      const file = row && (await this.files.find(row, row.id));
      if (!file) return null;
      const chunkSetId = newId('chunkSet');
      const { vectorStoreId } = file;
      await this.sets.replace(file, { id: chunkSetId, vectorStoreId, storeFileId: file.id, leaseMs: claim.leaseMs });
      return { file, claim, chunkSetId };
    });
  }

  watch({ file, claim, chunkSetId }: ClaimedFile, shutdown: AbortSignal): ClaimWatch {
    const prolong = async (): Promise<boolean> => {
      await this.sets.prolong(chunkSetId, claim.leaseMs);
      return this.files.heartbeat(file.id, claim.token, claim.leaseMs);
    };
    return watchClaim(claim, prolong, shutdown);
  }
}
