import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { RemoteProvider, type SandboxProvider } from '@libs/sandbox';
import { CONFIG } from '../common/config.token.js';
import { chooseSandbox } from './choose-sandbox.js';
import { EventualSandbox } from './eventual-sandbox.js';

/** Injects the SandboxProvider that the probe chose. */
export const SANDBOX_PROVIDER = Symbol('SANDBOX_PROVIDER');

/** Hosts of its own are asked anew for each session; here, what confines code is found out once. */
function sandboxFor(config: Config): SandboxProvider {
  if (config.SANDBOX_PROVIDER !== 'remote') return new EventualSandbox(chooseSandbox(config));
  if (config.sandbox.egress.length > 0) {
    new Logger('Sandbox').warn(
      'sandbox.egress counts in the configuration file of the sandbox hosts, not in this one.',
    );
  }
  return new RemoteProvider({
    urls: config.SANDBOX_REMOTE_URLS,
    token: config.SANDBOX_REMOTE_TOKEN ?? '',
    limits: { timeoutMs: config.CODE_EXECUTION_TIMEOUT * 1000 },
  });
}

@Global()
@Module({
  providers: [
    {
      provide: SANDBOX_PROVIDER,
      inject: [CONFIG],
      useFactory: sandboxFor,
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
