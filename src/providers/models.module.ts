import { join } from 'node:path';
import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import type { Tracer } from '@libs/agent';
import { createModelGateway, O200kTokenCounter, type ModelGateway, type TokenCounter } from '@libs/llm';
import { CONFIG } from '../common/config.token.js';
import { ChosenModel } from './chosen-model.js';
import { FileModelLog } from './model-log/file-model-log.js';
import { catalogFrom, serversFrom } from './models-file.js';
import { tracedForward } from './tracing/traced-forward.js';
import { TRACER, TracingModule } from './tracing/tracing.module.js';

/** Injects the ModelGateway: every configured model server. */
export const MODEL_GATEWAY = Symbol('MODEL_GATEWAY');

/** Injects the FileModelLog, or null where MODEL_LOG is off. */
export const MODEL_LOG = Symbol('MODEL_LOG');

const BYTES_PER_MB = 1024 * 1024;

export function gatewayFromConfig(
  config: Config,
  log: FileModelLog | null = null,
  tracer: Tracer | null = null,
  chosen: ChosenModel = new ChosenModel(),
): ModelGateway {
  return createModelGateway({
    backend: config.LLM_BACKEND,
    hosts: {
      vllm: config.VLLM_HOST,
      ollama: config.OLLAMA_HOST,
      llamacpp: config.LLAMACPP_HOST,
      openai: config.OPENAI_BASE_URL,
    },
    ollamaApi: config.OLLAMA_API,
    notice: (text) => new Logger('ModelServers').log(text),
    apiKeys: { openai: config.OPENAI_API_KEY },
    servers: serversFrom(config.models),
    catalog: catalogFrom(config.models),
    defaultModel: config.DEFAULT_MODEL,
    chosenModel: () => chosen.find(),
    log: log ?? undefined,
    aroundForward: tracer ? tracedForward(tracer) : undefined,
    timeoutMs: config.MODEL_TIMEOUT_SECONDS * 1000,
    maxRetries: config.MODEL_MAX_RETRIES,
  });
}

export function modelLogFromConfig(config: Config): FileModelLog | null {
  if (!config.MODEL_LOG) return null;
  const logger = new Logger('ModelLog');
  return new FileModelLog({
    folder: join(config.DATA_DIR, 'model-log'),
    mostBytes: config.MODEL_LOG_MAX_MB * BYTES_PER_MB,
    sample: config.MODEL_LOG_SAMPLE,
    redactions: config.MODEL_LOG_REDACT === undefined ? [] : [new RegExp(config.MODEL_LOG_REDACT, 'g')],
    warn: (text) => logger.warn(text),
  });
}

/** Injects the TokenCounter for models whose server does not count. */
export const TOKEN_COUNTER = Symbol('TOKEN_COUNTER');

@Global()
@Module({
  imports: [TracingModule],
  providers: [
    ChosenModel,
    { provide: MODEL_LOG, inject: [CONFIG], useFactory: modelLogFromConfig },
    { provide: MODEL_GATEWAY, inject: [CONFIG, MODEL_LOG, TRACER, ChosenModel], useFactory: gatewayFromConfig },
    { provide: TOKEN_COUNTER, useFactory: (): TokenCounter => new O200kTokenCounter() },
  ],
  exports: [ChosenModel, MODEL_GATEWAY, MODEL_LOG, TOKEN_COUNTER],
})
export class ModelsModule implements OnApplicationShutdown {
  constructor(
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
    @Inject(MODEL_LOG) private readonly log: FileModelLog | null,
    @Inject(TOKEN_COUNTER) private readonly tokens: TokenCounter,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.close();
    await this.log?.flush();
    await this.tokens.close();
  }
}
