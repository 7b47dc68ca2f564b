import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../common/config.token.js';
import { BlobStore } from './blob-store.js';
import { LocalDiskBlobStore } from './local-disk-blob-store.js';

/** Binds the BlobStore port. */
@Global()
@Module({
  providers: [
    {
      provide: BlobStore,
      inject: [CONFIG],
      useFactory: async (config: Config): Promise<BlobStore> => {
        const store = new LocalDiskBlobStore(join(config.DATA_DIR, 'blobs'));
        await store.prepare();
        return store;
      },
    },
  ],
  exports: [BlobStore],
})
export class StorageModule {}
