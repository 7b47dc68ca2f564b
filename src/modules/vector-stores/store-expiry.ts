import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { VectorStoresRepository } from './vector-stores.repository.js';

/** Takes from stores what they had when they expired. The stores themselves stay, to say so. */
@Injectable()
export class StoreExpiry {
  constructor(
    private readonly database: Database,
    private readonly stores: VectorStoresRepository,
  ) {}

  /** Of every tenant. The chunks are the collector's. */
  async emptyExpired(): Promise<void> {
    await this.database.transaction(() => this.stores.emptyExpired());
  }
}
