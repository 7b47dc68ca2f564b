import type { Fields } from './fields.js';

export const SERVER_KINDS = ['vllm', 'ollama', 'llamacpp', 'openai', 'gguf'] as const;

/** One model server of the file. Times are seconds. */
export interface FileServer {
  readonly name: string;
  readonly kind: (typeof SERVER_KINDS)[number];
  /** Empty for a GGUF file. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** The smallest is asked first; equal ones share the requests by weight. */
  readonly priority: number;
  readonly weight: number;
  /** Requests at once; 0: any number. Absent: as many as the server says. */
  readonly maxConcurrent: number | undefined;
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
  /** Of a GGUF file only. */
  readonly gguf: FileGguf | undefined;
  /** Of Ollama only; absent for other kinds, and where it is spoken to by OpenAI's dialect. */
  readonly ollama: FileOllama | undefined;
}

/** A GGUF file that is run in this process. */
export interface FileGguf {
  readonly path: string;
  readonly contextSize: number | undefined;
  /** Answers at once. */
  readonly parallel: number;
  /** Processors that an evaluation takes. */
  readonly threads: number | undefined;
  readonly gpu: boolean;
}

/** What requests to an Ollama server say. */
export interface FileOllama {
  /** Seconds, or a text such as `10m`; absent: as the server is set up. */
  readonly keepAlive: string | number | undefined;
  readonly contextSize: number | undefined;
  /** Whether it pulls models of the catalog that it does not have. */
  readonly pull: boolean;
}

export const OLLAMA_APIS = ['native', 'openai'] as const;

const MOST_SECONDS = 86_400;

export function readServer(name: string, fields: Fields): FileServer {
  const seconds = { min: 0, max: MOST_SECONDS };
  const count = { min: 0, max: 1_000_000, whole: true };
  const kind = fields.required('kind', fields.choice('kind', SERVER_KINDS)) ?? 'openai';
  const server: FileServer = {
    name,
    kind,
    url: kind === 'gguf' ? '' : (fields.required('url', fields.url('url')) ?? ''),
    apiKey: fields.text('api_key'),
    priority: fields.number('priority', { min: 1, max: 1000, whole: true }) ?? 1,
    weight: fields.number('weight', { min: 0.001, max: 1000 }) ?? 1,
    maxConcurrent: fields.number('max_concurrent', count),
    queueLength: fields.number('queue_length', count) ?? 100,
    queueSeconds: fields.number('queue_seconds', seconds) ?? 30,
    timeoutSeconds: fields.number('timeout_seconds', { min: 0.1, max: MOST_SECONDS }),
    healthCheckSeconds: fields.number('health_check_seconds', seconds) ?? 10,
    breakerFailures: fields.number('breaker_failures', { ...count, min: 1 }) ?? 3,
    breakerSeconds: fields.number('breaker_seconds', { ...seconds, min: 0.1 }) ?? 30,
    listModels: fields.flag('list_models') ?? true,
    gguf: kind === 'gguf' ? readGguf(fields) : undefined,
    ollama: kind === 'ollama' ? readOllama(fields) : undefined,
  };
  fields.end();
  return server;
}

function readGguf(fields: Fields): FileGguf {
  return {
    path: fields.required('path', fields.text('path')) ?? '',
    contextSize: fields.number('context_size', { min: 16, max: 100_000_000, whole: true }),
    parallel: fields.number('parallel', { min: 1, max: 64, whole: true }) ?? 1,
    threads: fields.number('threads', { min: 1, max: 1024, whole: true }),
    gpu: fields.flag('gpu') ?? true,
  };
}

function readOllama(fields: Fields): FileOllama | undefined {
  const api = fields.choice('api', OLLAMA_APIS) ?? 'native';
  const ollama = {
    keepAlive: fields.duration('keep_alive'),
    contextSize: fields.number('num_ctx', { min: 1, max: 100_000_000, whole: true }),
    pull: fields.flag('pull') ?? false,
  };
  const isSaid = ollama.keepAlive !== undefined || ollama.contextSize !== undefined || ollama.pull;
  if (api === 'openai' && isSaid) fields.problem('api', 'must be native for keep_alive, num_ctx and pull');
  return api === 'native' ? ollama : undefined;
}
