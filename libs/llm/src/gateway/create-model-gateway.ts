import { systemClock, type Clock } from '@libs/kernel';
import type { Backend } from '../backends/backend.js';
import { HttpModelServer, type HttpModelServerOptions } from '../backends/http-model-server.js';
import { LLAMACPP } from '../backends/llamacpp.js';
import { OLLAMA } from '../backends/ollama.js';
import { OPENAI } from '../backends/openai.js';
import { VLLM } from '../backends/vllm.js';
import { DemoModelServer } from '../demo/demo-model-server.js';
import { GgufServer } from '../gguf/gguf-server.js';
import { loadNodeLlamaCpp } from '../gguf/node-llama-cpp.js';
import { LoggedServer } from '../log/logged-server.js';
import type { ModelLog } from '../log/model-log.js';
import type { OllamaOptions } from '../ollama/ollama-options.js';
import { OllamaServer } from '../ollama/ollama-server.js';
import type { ModelServer } from '../ports/model-server.js';
import { Site, type SiteOptions } from '../routing/site.js';
import type { AroundForward } from './around-forward.js';
import { catalogOf, settingsOf, type CatalogEntry } from './catalog.js';
import { MergedModelGateway, type ModelGateway } from './model-gateway.js';
import type { NamedServer } from './named-server.js';

const BACKENDS = { vllm: VLLM, ollama: OLLAMA, llamacpp: LLAMACPP, openai: OPENAI } as const satisfies Record<
  string,
  Backend
>;

export type BackendName = keyof typeof BACKENDS;

export interface ModelGatewayOptions {
  /** auto: every backend that has a host, the demo model if there is no server at all. */
  backend: BackendName | 'auto' | 'demo';
  hosts: Partial<Record<BackendName, string | undefined>>;
  /** Keys that the servers want, sent to that server only. */
  apiKeys?: Partial<Record<BackendName, string | undefined>>;
  /** Further servers, with limits of their own. */
  servers?: readonly NamedServer[];
  /** What is known of models, and on which of `servers` they are. */
  catalog?: readonly CatalogEntry[];
  defaultModel?: string | undefined;
  /** Finds what was made the default since: it wins over `defaultModel`. Null: nothing. */
  chosenModel?: (() => Promise<string | null>) | undefined;
  /** How the Ollama server of `hosts` is spoken to: by its own interface, or as any server of OpenAI's dialect. */
  ollamaApi?: 'native' | 'openai' | undefined;
  /** Told of what happens to servers by itself, such as a model that is pulled. */
  notice?: ((text: string) => void) | undefined;
  /** Where every call is recorded. */
  log?: ModelLog | undefined;
  /** What requests that are passed on go through, such as a trace. */
  aroundForward?: AroundForward | undefined;
  /** Milliseconds without a byte from a server after which a call fails. */
  timeoutMs: number;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  clock?: Clock;
  /** In [0, 1). */
  random?: () => number;
}

/** Where a server says how much it works on at once; beyond it, requests wait here instead of there. */
const LONGEST_QUEUE = 10_000;
/** Of servers that the administrator says nothing about. */
const USUAL_BREAKER = { failures: 3, openMs: 30_000 };

/** The gateway over the servers that the options name. Throws an Error when a chosen backend has no host. */
export function createModelGateway(options: ModelGatewayOptions): ModelGateway {
  const clock = options.clock ?? systemClock;
  const named = (options.servers ?? []).map((server) => namedSite(server, options, clock));
  const sites = [...named, ...hostSites(options, clock)];
  if (sites.length === 0) sites.push(plainSite(logged(new DemoModelServer(), options), 1, clock));
  const catalog = options.catalog ?? [];
  return new MergedModelGateway({
    sites,
    clock,
    catalog: catalogOf(catalog, named),
    settings: settingsOf(catalog),
    maxRetries: options.maxRetries,
    aroundForward: options.aroundForward,
    chosenModel: options.chosenModel,
    ...(options.random !== undefined && { random: options.random }),
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
  });
}

/** The backends to talk to, in a fixed order; none means the demo model. */
export function chooseBackends(options: Pick<ModelGatewayOptions, 'backend' | 'hosts'>): BackendName[] {
  if (options.backend === 'demo') return [];
  if (options.backend !== 'auto') return [options.backend];
  return (Object.keys(BACKENDS) as BackendName[]).filter((name) => options.hosts[name] !== undefined);
}

/** A server without limits, which comes after those of smaller priority. */
export function plainSite(server: Site['server'], priority: number, clock: Clock, queue?: SiteOptions['queue']): Site {
  const usual = { weight: 1, breaker: USUAL_BREAKER, listsModels: true, ...(queue && { queue }) };
  return new Site({ server, clock, priority, ...usual });
}

function hostSites(options: ModelGatewayOptions, clock: Clock): Site[] {
  const before = Math.max(0, ...(options.servers ?? []).map(({ priority }) => priority));
  return chooseBackends(options).map((name, index) => {
    const address = options.hosts[name];
    if (address === undefined) throw new Error(`The backend ${name} has no host.`);
    const apiKey = options.apiKeys?.[name];
    const { timeoutMs, maxRetries } = options;
    const ollama = options.ollamaApi === 'openai' ? undefined : {};
    const common = { address, timeoutMs, maxRetries, ...(apiKey !== undefined && { apiKey }) };
    return plainSite(logged(httpServer(name, common, ollama, options), options), before + index + 1, clock, {
      queueLength: LONGEST_QUEUE,
      queueMs: timeoutMs,
    });
  });
}

/** @param ollama absent: spoken to as any server of OpenAI's dialect */
function httpServer(
  kind: BackendName,
  common: Omit<HttpModelServerOptions, 'backend'>,
  ollama: OllamaOptions | undefined,
  { notice }: ModelGatewayOptions,
): ModelServer {
  if (kind === 'ollama' && ollama) return new OllamaServer({ ...common, ollama, notice });
  return new HttpModelServer({ ...common, backend: BACKENDS[kind] });
}

function namedSite(named: NamedServer, options: ModelGatewayOptions, clock: Clock): Site {
  const { priority, weight, breaker, listsModels, slots, queue, healthCheckMs } = named;
  const limits = {
    ...(slots && { slots }),
    ...(queue && { queue }),
    ...(healthCheckMs !== undefined && { healthCheckMs }),
  };
  const server = named.gguf ? ggufServer(named.name, named.gguf) : namedServer(named, options);
  return new Site({ server: logged(server, options), clock, priority, weight, breaker, listsModels, ...limits });
}

function ggufServer(name: string, { load, ...options }: NonNullable<NamedServer['gguf']>): ModelServer {
  return new GgufServer(name, { ...options, load: load ?? (() => loadNodeLlamaCpp()) });
}

function namedServer(named: NamedServer, options: ModelGatewayOptions): ModelServer {
  if (named.kind === 'gguf') throw new Error(`The server ${named.name} has no file.`);
  const common = {
    name: named.name,
    address: named.address,
    timeoutMs: named.timeoutMs ?? options.timeoutMs,
    maxRetries: options.maxRetries,
    ...(named.apiKey !== undefined && { apiKey: named.apiKey }),
  };
  const ollama = named.ollama && { ...named.ollama, placed: placedOn(named.name, options) };
  return httpServer(named.kind, common, ollama, options);
}

/** What the catalog says is on the server, by the server's own names. */
function placedOn(server: string, { catalog = [] }: ModelGatewayOptions): ReadonlySet<string> {
  const targets = catalog.flatMap((entry) => entry.targets);
  return new Set(targets.filter((target) => target.server === server).map(({ model }) => model));
}

function logged(server: ModelServer, { log }: ModelGatewayOptions): ModelServer {
  return log === undefined ? server : new LoggedServer(server, log);
}
