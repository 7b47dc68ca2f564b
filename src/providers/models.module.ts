import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { createModelGateway, type ModelGateway } from '@libs/llm';
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
    defaultModel: config.DEFAULT_MODEL,
    timeoutMs: config.MODEL_TIMEOUT_SECONDS * 1000,
    maxRetries: config.MODEL_MAX_RETRIES,
  });
}

@Global()
@Module({
  providers: [{ provide: MODEL_GATEWAY, inject: [CONFIG], useFactory: gatewayFromConfig }],
  exports: [MODEL_GATEWAY],
})
export class ModelsModule implements OnApplicationShutdown {
  constructor(@Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway) {}

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.close();
  }
}
