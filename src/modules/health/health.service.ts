import { Inject, Injectable } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import { Database } from '../../database/database.js';
import { JobQueue } from '../../jobs/job-queue.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { SandboxService } from '../sandbox/index.js';
import { SearchState } from '../vector-stores/index.js';

export interface HealthReport {
  /** `unhealthy`: this process cannot serve requests and wants no traffic. */
  status: 'healthy' | 'degraded' | 'unhealthy';
  /** Seconds since 1970. */
  timestamp: number;
  parts: Record<'database' | 'queue' | 'model_servers' | 'sandbox' | 'search', Part>;
}

/** `degraded`: something of it is down, and the rest does its work. */
type Part = { status: 'ok' | 'degraded' | 'down' } & Record<string, unknown>;

@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    private readonly sandbox: SandboxService,
    private readonly search: SearchState,
  ) {}

  async report(): Promise<HealthReport> {
    const [database, queue, model_servers, sandbox] = await Promise.all([
      partOf(async () => ({ ...(await this.database.health()) })),
      partOf(async () => ({ ...(await this.queue.health()) })),
      partOf(() => this.modelServers()),
      partOf(() => this.sandboxTier()),
    ]);
    const search: Part = { status: 'ok', ...this.search.report() };
    const parts = { database, queue, model_servers, sandbox, search };
    const serves = database.status === 'ok' && queue.status === 'ok';
    const whole = Object.values(parts).every((part) => part.status === 'ok');
    return {
      status: serves ? (whole ? 'healthy' : 'degraded') : 'unhealthy',
      timestamp: Math.floor(Date.now() / 1000),
      parts,
    };
  }

  private async modelServers(): Promise<Part> {
    const servers = await this.models.health();
    const down = servers.filter(({ health }) => health.status === 'down').length;
    const status = down === 0 ? 'ok' : down < servers.length ? 'degraded' : 'down';
    return { status, servers: servers.map(({ name, health }) => ({ name, ...health })) };
  }

  private async sandboxTier(): Promise<Part> {
    const { ok, ...state } = await this.sandbox.state();
    return { status: ok ? 'ok' : 'down', ...state };
  }
}

/** A part that cannot even be asked is down. */
async function partOf(ask: () => Promise<Part>): Promise<Part> {
  try {
    return await ask();
  } catch (error) {
    return { status: 'down', reason: errorMessage(error) };
  }
}
