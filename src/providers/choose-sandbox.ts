import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { chooseProvider, createSandbox, type SandboxProvider } from '@libs/sandbox';
import { egressFrom } from './egress.js';

const logger = new Logger('Sandbox');

/** What confines code on this machine, its probe done and what a predecessor left removed. Never rejects. */
export async function chooseSandbox(config: Config): Promise<SandboxProvider> {
  try {
    const provider = await createSandbox({
      choice: config.SANDBOX_PROVIDER === 'remote' ? 'none' : config.SANDBOX_PROVIDER,
      workspacesRoot: join(config.DATA_DIR, 'workspaces'),
      python: config.SANDBOX_PYTHON,
      docker: {
        socket: config.SANDBOX_DOCKER_SOCKET,
        image: config.SANDBOX_DOCKER_IMAGE,
        runtime: config.SANDBOX_DOCKER_RUNTIME,
      },
      warmKernels: config.SANDBOX_WARM_KERNELS,
      limits: { timeoutMs: config.CODE_EXECUTION_TIMEOUT * 1000 },
      egress: egressFrom(config),
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
  reportEgress(provider);
  logger.log(`Modules: ${modules.join(', ') || 'standard library only'}`);
}

function reportEgress(provider: SandboxProvider): void {
  const { rules = [], isSupported = false } = provider.state()?.egress ?? {};
  const projects = rules.map(({ tenantId }) => tenantId).join(', ');
  if (rules.length === 0) return;
  if (isSupported) logger.log(`Code may reach the hosts of sandbox.egress in projects: ${projects}`);
  else logger.warn(`sandbox.egress is not in force: code has no network in the tier ${provider.name}.`);
}
