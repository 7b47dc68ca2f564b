import type { Fields } from './fields.js';

export const PROTOCOLS = ['tools', 'tags', 'react', 'none'] as const;

/** Where a model of the catalog is served. */
export interface CatalogTarget {
  readonly server: string;
  /** As that server names it. */
  readonly model: string;
  /** Absent: those of the server. */
  readonly priority: number | undefined;
  readonly weight: number | undefined;
}

/** What the file says about one model. */
export interface CatalogModel {
  /** As clients name it. */
  readonly name: string;
  /** Empty: those servers that list the name. */
  readonly targets: readonly CatalogTarget[];
  readonly contextSize: number | undefined;
  readonly protocol: (typeof PROTOCOLS)[number] | undefined;
  readonly temperature: number | undefined;
  readonly stop: readonly string[] | undefined;
  readonly extraBody: Readonly<Record<string, unknown>> | undefined;
  /** Whether its template opens the thoughts, so that only their end is written. */
  readonly thinksFirst: boolean | undefined;
  readonly vision: boolean | undefined;
  /** For servers that let requests choose it (Ollama): seconds, or a text such as `10m`. */
  readonly keepAlive: string | number | undefined;
}

export function readCatalog(name: string, fields: Fields, servers: ReadonlySet<string>): CatalogModel {
  const targets = (fields.list('servers') ?? []).flatMap((value, index) => {
    return readTarget(name, fields, `servers[${index}]`, value);
  });
  for (const [index, { server }] of targets.entries()) {
    if (!servers.has(server)) fields.problem(`servers[${index}]`, 'names a server that is not among models.servers');
  }
  const model: CatalogModel = {
    name,
    targets,
    contextSize: fields.number('context_size', { min: 1, max: 100_000_000, whole: true }),
    protocol: fields.choice('protocol', PROTOCOLS),
    temperature: fields.number('temperature', { min: 0, max: 2 }),
    stop: fields.texts('stop'),
    extraBody: fields.mapping('extra_body'),
    thinksFirst: fields.flag('thinks_first'),
    vision: fields.flag('vision'),
    keepAlive: fields.duration('keep_alive'),
  };
  fields.end();
  return model;
}

/** A bare name stands for the server that has the model under the same name. */
function readTarget(name: string, fields: Fields, place: string, value: unknown): CatalogTarget[] {
  if (typeof value === 'string') return [{ server: value, model: name, priority: undefined, weight: undefined }];
  const inner = fields.inner(place, value);
  if (!inner) return [];
  const server = inner.required('server', inner.text('server'));
  const target = {
    model: inner.text('model') ?? name,
    priority: inner.number('priority', { min: 1, max: 1000, whole: true }),
    weight: inner.number('weight', { min: 0.001, max: 1000 }),
  };
  inner.end();
  return server === undefined ? [] : [{ server, ...target }];
}
