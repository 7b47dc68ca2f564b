import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../config.token.js';
import { loadOrCreateSecret } from './secret-file.js';
import { ServerSecrets } from './server-secrets.js';

/** Gives ServerSecrets to every module. */
@Global()
@Module({
  providers: [
    {
      provide: ServerSecrets,
      inject: [CONFIG],
      useFactory: async (config: Config) =>
        new ServerSecrets(
          config.JWT_SECRET_KEY ?? (await loadOrCreateSecret(join(config.DATA_DIR, 'secrets', 'token-key'))),
        ),
    },
  ],
  exports: [ServerSecrets],
})
export class SecretsModule {}
