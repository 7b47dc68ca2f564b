import type { CatalogModel, FileServer, ModelsSection } from '@config';
import type { CatalogEntry, ModelSettings, NamedServer } from '@libs/llm';

const SECOND = 1000;

/** The servers of the configuration file as the gateway takes them. */
export function serversFrom({ servers }: ModelsSection): NamedServer[] {
  return servers.map(toNamedServer);
}

export function catalogFrom({ catalog }: ModelsSection): CatalogEntry[] {
  return catalog.map((model) => ({ name: model.name, targets: model.targets, settings: toSettings(model) }));
}

function toNamedServer(server: FileServer): NamedServer {
  const { maxConcurrent, queueLength, queueSeconds, timeoutSeconds } = server;
  const queue = { queueLength, queueMs: queueSeconds * SECOND };
  return {
    name: server.name,
    kind: server.kind,
    address: server.url,
    apiKey: server.apiKey,
    priority: server.priority,
    weight: server.weight,
    breaker: { failures: server.breakerFailures, openMs: server.breakerSeconds * SECOND },
    slots: maxConcurrent ? { max: maxConcurrent, ...queue } : undefined,
    queue: maxConcurrent === undefined ? queue : undefined,
    healthCheckMs: server.healthCheckSeconds * SECOND,
    timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * SECOND,
    listsModels: server.listModels,
    ollama: server.ollama,
    ...(server.gguf && { gguf: { ...server.gguf, gpu: server.gguf.gpu ? ('auto' as const) : false } }),
  };
}

function toSettings(model: CatalogModel): ModelSettings {
  const { contextSize, protocol, temperature, stop, extraBody, thinksFirst, vision, keepAlive } = model;
  return {
    ...(contextSize !== undefined && { contextSize }),
    ...(protocol !== undefined && { protocol }),
    ...(temperature !== undefined && { temperature }),
    ...(stop !== undefined && { stop }),
    ...(extraBody !== undefined && { extraBody }),
    ...(thinksFirst !== undefined && { thinksFirst }),
    ...(vision !== undefined && { vision }),
    ...(keepAlive !== undefined && { keepAlive }),
  };
}
