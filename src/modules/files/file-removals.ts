import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';

/** Told of a file before its row is deleted, in the same transaction. */
export type FileRemovalWitness = (scope: TenantScope, fileId: string) => Promise<void>;

/** Tells modules that files know nothing of when a file goes, and their rows with it. */
@Injectable()
export class FileRemovals {
  private readonly witnesses: FileRemovalWitness[] = [];

  add(witness: FileRemovalWitness): void {
    this.witnesses.push(witness);
  }

  async tell(scope: TenantScope, fileId: string): Promise<void> {
    for (const witness of this.witnesses) await witness(scope, fileId);
  }
}
