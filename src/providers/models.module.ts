import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { catalogFrom, serversFrom } from './models-file.js';
import { createModelGateway, O200kTokenCounter, type ModelGateway, type TokenCounter } from '@libs/llm';
import { CONFIG } from '../common/config.token.js';

/** Injects the ModelGateway: every configured model server. */
export const MODEL_GATEWAY = Symbol('MODEL_GATEWAY');

export function gatewayFromConfig(config: Config): ModelGateway {
  return createModelGateway({
    backend: config.LLM_BACKEND,
    hosts: {
      vllm: config.VLLM_HOST,
      ollama: config.OLLAMA_HOST,
      llamacpp: config.LLAMACPP_HOST,
      openai: config.OPENAI_BASE_URL,
    },
    apiKeys: { openai: config.OPENAI_API_KEY },
    servers: serversFrom(config.models),
    catalog: catalogFrom(config.models),
    defaultModel: config.DEFAULT_MODEL,
    timeoutMs: config.MODEL_TIMEOUT_SECONDS * 1000,
    maxRetries: config.MODEL_MAX_RETRIES,
  });
}

/** Injects the TokenCounter for models whose server does not count. */
export const TOKEN_COUNTER = Symbol('TOKEN_COUNTER');

@Global()
@Module({
  providers: [
    { provide: MODEL_GATEWAY, inject: [CONFIG], useFactory: gatewayFromConfig },
    { provide: TOKEN_COUNTER, useFactory: (): TokenCounter => new O200kTokenCounter() },
  ],
  exports: [MODEL_GATEWAY, TOKEN_COUNTER],
})
export class ModelsModule implements OnApplicationShutdown {
  constructor(
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
    @Inject(TOKEN_COUNTER) private readonly tokens: TokenCounter,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.close();
    await this.tokens.close();
  }
}
