export { DEMO_MODEL_ID } from './demo/texts.js';
export { createModelGateway, type BackendName, type ModelGatewayOptions } from './gateway/create-model-gateway.js';
export type { ModelGateway, NamedServerHealth } from './gateway/model-gateway.js';
export { readModelServerError, type ErrorAnswer } from './openai-compatible/error-mapping.js';
export type * from './ports/chat-model.js';
export * from './ports/model-error.js';
export type * from './ports/model-server.js';
export { O200kTokenCounter, type TokenCounter } from './tokens/token-counter.js';
