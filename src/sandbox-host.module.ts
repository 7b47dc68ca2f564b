import { Inject, Injectable, Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { SandboxHost, type SandboxProvider } from '@libs/sandbox';
import { ConfigModule } from './common/config.module.js';
import { CONFIG } from './common/config.token.js';
import { loggerModule } from './common/logging.js';
import { chooseSandbox } from './providers/choose-sandbox.js';

/** A sandbox host: runs code for API and worker processes, and needs neither database, Redis nor models. */
@Injectable()
export class SandboxHostService implements OnApplicationShutdown {
  private readonly logger = new Logger('SandboxHost');
  private provider: SandboxProvider | undefined;
  private host: SandboxHost | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @returns where it listens. Throws where nothing on this machine confines code. */
  async listen(): Promise<{ address: string; port: number }> {
    const { config } = this;
    this.provider = await chooseSandbox(config);
    const probe = await this.provider.probe();
    if (!probe.ok) throw new Error(`nothing on this machine confines code. ${probe.reason}`);
    this.host = new SandboxHost({
      provider: this.provider,
      token: config.SANDBOX_REMOTE_TOKEN ?? '',
      idleMs: config.SANDBOX_IDLE_SECONDS * 1000,
      maxSessions: config.SANDBOX_MAX_SESSIONS,
      onError: (error) => this.logger.warn(`A request failed: ${errorMessage(error)}`),
      onLeftBehind: (error) => this.logger.warn(`A session left something behind: ${errorMessage(error)}`),
    });
    const address = config.SANDBOX_LISTEN_HOST;
    return { address, port: await this.host.listen(config.SANDBOX_LISTEN_PORT, address) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.host?.close();
    await this.provider?.close();
  }
}

@Module({})
export class SandboxHostModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: SandboxHostModule,
      imports: [ConfigModule.forRoot(config), loggerModule(config)],
      providers: [SandboxHostService],
    };
  }
}
