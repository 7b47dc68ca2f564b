import { systemClock, type Clock } from '@libs/kernel';
import type { Backend } from '../backends/backend.js';
import { HttpModelServer } from '../backends/http-model-server.js';
import { LLAMACPP } from '../backends/llamacpp.js';
import { OLLAMA } from '../backends/ollama.js';
import { OPENAI } from '../backends/openai.js';
import { VLLM } from '../backends/vllm.js';
import { DemoModelServer } from '../demo/demo-model-server.js';
import type { ModelServer } from '../ports/model-server.js';
import { MergedModelGateway, type ModelGateway } from './model-gateway.js';

const BACKENDS = { vllm: VLLM, ollama: OLLAMA, llamacpp: LLAMACPP, openai: OPENAI } as const satisfies Record<
  string,
  Backend
>;

export type BackendName = keyof typeof BACKENDS;

export interface ModelGatewayOptions {
  /** auto: every backend that has a host, the demo model if none has. */
  backend: BackendName | 'auto' | 'demo';
  hosts: Partial<Record<BackendName, string | undefined>>;
  /** Keys that the servers want, sent to that server only. */
  apiKeys?: Partial<Record<BackendName, string | undefined>>;
  defaultModel?: string | undefined;
  /** Milliseconds without a byte from a server after which a call fails. */
  timeoutMs: number;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  clock?: Clock;
}

/** The gateway over the servers that the options name. Throws an Error when a chosen backend has no host. */
export function createModelGateway(options: ModelGatewayOptions): ModelGateway {
  const names = chooseBackends(options);
  const servers: ModelServer[] =
    names.length === 0 ? [new DemoModelServer()] : names.map((name) => createServer(name, options));
  return new MergedModelGateway({
    servers,
    clock: options.clock ?? systemClock,
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
  });
}

/** The backends to talk to, in a fixed order; none means the demo model. */
export function chooseBackends(options: Pick<ModelGatewayOptions, 'backend' | 'hosts'>): BackendName[] {
  if (options.backend === 'demo') return [];
  if (options.backend !== 'auto') return [options.backend];
  return (Object.keys(BACKENDS) as BackendName[]).filter((name) => options.hosts[name] !== undefined);
}

function createServer(name: BackendName, options: ModelGatewayOptions): ModelServer {
  const address = options.hosts[name];
  if (address === undefined) throw new Error(`The backend ${name} has no host.`);
  const apiKey = options.apiKeys?.[name];
  return new HttpModelServer({
    backend: BACKENDS[name],
    address,
    timeoutMs: options.timeoutMs,
    maxRetries: options.maxRetries,
    ...(apiKey !== undefined && { apiKey }),
  });
}
