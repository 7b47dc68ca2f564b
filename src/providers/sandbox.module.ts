import { join } from 'node:path';
import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { chooseProvider, createSandbox, type SandboxProvider } from '@libs/sandbox';
import { CONFIG } from '../common/config.token.js';
import { EventualSandbox } from './eventual-sandbox.js';

/** Injects the SandboxProvider that the probe chose. */
export const SANDBOX_PROVIDER = Symbol('SANDBOX_PROVIDER');

const logger = new Logger('Sandbox');

async function chooseFor(config: Config): Promise<SandboxProvider> {
  try {
    const provider = await createSandbox({
      choice: config.SANDBOX_PROVIDER,
      workspacesRoot: join(config.DATA_DIR, 'workspaces'),
      python: config.SANDBOX_PYTHON,
      warmKernels: config.SANDBOX_WARM_KERNELS,
      limits: { timeoutMs: config.CODE_EXECUTION_TIMEOUT * 1000 },
    });
    await provider.reapOrphans();
    await report(provider);
    return provider;
  } catch (error) {
    logger.error(`No sandbox: ${errorMessage(error)}`);
    return chooseProvider([]);
  }
}

async function report(provider: SandboxProvider): Promise<void> {
  const result = await provider.probe();
  if (!result.ok) {
    logger.warn(`Code execution is not available: ${result.reason}`);
    return;
  }
  const { isolation, python, modules, enforces } = result;
  logger.log(`Tier ${provider.name} (${isolation}), Python ${python}, enforces ${enforces.join(', ')}`);
  logger.log(`Modules: ${modules.join(', ') || 'standard library only'}`);
}

@Global()
@Module({
  providers: [
    {
      provide: SANDBOX_PROVIDER,
      inject: [CONFIG],
      useFactory: (config: Config) => new EventualSandbox(chooseFor(config)),
    },
  ],
  exports: [SANDBOX_PROVIDER],
})
export class SandboxProviderModule implements OnApplicationShutdown {
  constructor(@Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider) {}

  async onApplicationShutdown(): Promise<void> {
    await this.provider.close();
  }
}
