import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';
import { watchClaim, type ClaimWatch } from '../../../jobs/claim-watch.js';
import { Claim } from '../../../jobs/claim.js';
import { ChunkSetsRepository } from '../chunk-sets.repository.js';
import type { StoreFileRecord } from '../vector-stores.types.js';
import { SummariesRepository } from './summaries.repository.js';

/** A file that a worker summarises. */
export interface ClaimedSummary {
  file: StoreFileRecord & { summaryTries: number };
  claim: Claim;
  /** Its chunks; null where they are gone, as in a store that has expired. */
  chunkSetId: string | null;
}

/** Takes files to be summarised for a worker, and keeps them for it. */
@Injectable()
export class SummaryClaims {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly summaries: SummariesRepository,
    private readonly sets: ChunkSetsRepository,
  ) {}

  /** The file whose turn it is; null where nothing is to be done. */
  take(): Promise<ClaimedSummary | null> {
    const claim = new Claim(this.config.INGESTION_LEASE_SECONDS * 1000);
    return this.database.transaction(async () => {
      const row = await this.summaries.claimNext(claim.token, claim.leaseMs);
      const file = row && (await this.summaries.find(row, row.id));
      if (!file) return null;
      const chunkSetId = await this.sets.ofFile(file, file.id);
      // As long as somebody writes of the set, the collector leaves it alone: nothing may come after it was removed.
      if (chunkSetId !== null) await this.sets.prolong(chunkSetId, claim.leaseMs);
      return { file, claim, chunkSetId };
    });
  }

  watch({ file, claim, chunkSetId }: ClaimedSummary, shutdown: AbortSignal): ClaimWatch {
    const prolong = async (): Promise<boolean> => {
      if (chunkSetId !== null) await this.sets.prolong(chunkSetId, claim.leaseMs);
      return this.summaries.heartbeat(file.id, claim.token, claim.leaseMs);
    };
    return watchClaim(claim, prolong, shutdown);
  }

  async release({ chunkSetId }: ClaimedSummary): Promise<void> {
    if (chunkSetId !== null) await this.sets.release(chunkSetId);
  }
}
