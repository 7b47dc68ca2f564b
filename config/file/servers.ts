import type { Fields } from './fields.js';

export const SERVER_KINDS = ['vllm', 'ollama', 'llamacpp', 'openai'] as const;

/** One model server of the file. Times are seconds. */
export interface FileServer {
  readonly name: string;
  readonly kind: (typeof SERVER_KINDS)[number];
  readonly url: string;
  readonly apiKey: string | undefined;
  /** The smallest is asked first; equal ones share the requests by weight. */
  readonly priority: number;
  readonly weight: number;
  /** Requests at once; 0: any number. */
  readonly maxConcurrent: number;
  readonly queueLength: number;
  readonly queueSeconds: number;
  /** Without a byte, after which a call fails. Absent: MODEL_TIMEOUT_SECONDS. */
  readonly timeoutSeconds: number | undefined;
  /** Between two questions for its health; 0: none. */
  readonly healthCheckSeconds: number;
  /** Failures in a row after which it is left alone for a while. */
  readonly breakerFailures: number;
  readonly breakerSeconds: number;
  /** Whether its models are offered although the catalog does not name them. */
  readonly listModels: boolean;
}

const MOST_SECONDS = 86_400;

export function readServer(name: string, fields: Fields): FileServer {
  const seconds = { min: 0, max: MOST_SECONDS };
  const count = { min: 0, max: 1_000_000, whole: true };
  const server: FileServer = {
    name,
    kind: fields.required('kind', fields.choice('kind', SERVER_KINDS)) ?? 'openai',
    url: fields.required('url', fields.url('url')) ?? '',
    apiKey: fields.text('api_key'),
    priority: fields.number('priority', { min: 1, max: 1000, whole: true }) ?? 1,
    weight: fields.number('weight', { min: 0.001, max: 1000 }) ?? 1,
    maxConcurrent: fields.number('max_concurrent', count) ?? 0,
    queueLength: fields.number('queue_length', count) ?? 100,
    queueSeconds: fields.number('queue_seconds', seconds) ?? 30,
    timeoutSeconds: fields.number('timeout_seconds', { min: 0.1, max: MOST_SECONDS }),
    healthCheckSeconds: fields.number('health_check_seconds', seconds) ?? 10,
    breakerFailures: fields.number('breaker_failures', { ...count, min: 1 }) ?? 3,
    breakerSeconds: fields.number('breaker_seconds', { ...seconds, min: 0.1 }) ?? 30,
    listModels: fields.flag('list_models') ?? true,
  };
  fields.end();
  return server;
}
