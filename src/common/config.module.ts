import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from './config.token.js';

/** Gives the validated configuration to every module. It is read once, in the entry points and in tests. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
