import { choice, decimal, flag, integer, text, url } from '../variable.js';
import { HTTP } from './protocols.js';

/** Model servers, and what is asked of them. */
export const MODELS = {
  LLM_BACKEND: choice(['vllm', 'ollama', 'llamacpp', 'openai', 'auto', 'demo'], {
    default: 'auto',
    description: 'Which model server to use. auto: every one whose address is set, the demo model if none is.',
  }),
  VLLM_HOST: url({ default: undefined, protocols: HTTP, description: 'vLLM server, such as http://localhost:8000.' }),
  OLLAMA_HOST: url({
    default: undefined,
    protocols: HTTP,
    description: 'Ollama server, such as http://localhost:11434.',
  }),
  OLLAMA_API: choice(['native', 'openai'], {
    default: 'native',
    description: "Whether OLLAMA_HOST is spoken to by Ollama's own interface or by OpenAI's dialect.",
  }),
  LLAMACPP_HOST: url({
    default: undefined,
    protocols: HTTP,
    description: 'llama.cpp server, such as http://localhost:8080.',
  }),
  OPENAI_BASE_URL: url({
    default: undefined,
    protocols: HTTP,
    description: 'Any other OpenAI-compatible server, with its /v1.',
  }),
  OPENAI_API_KEY: text({ default: undefined, secret: true, description: 'Key sent to OPENAI_BASE_URL.' }),
  DEFAULT_MODEL: text({
    default: undefined,
    defaultText: '(the first model listed)',
    description:
      'Model for requests that name none, where that is allowed. An administrator may choose another (docs/models.md).',
  }),
  DEFAULT_TEMPERATURE: decimal({
    default: 0.4,
    min: 0,
    max: 2,
    description: 'Sampling temperature of runs and of chat completions with files, where none is asked for.',
  }),
  MAX_NEW_TOKENS: integer({
    default: 32_768,
    min: 1,
    max: 10_000_000,
    description: 'Most tokens of one model turn in runs and in chat completions with files.',
  }),
  VISION_MODELS: text({
    default:
      'gpt-4o*,gpt-4.1*,gpt-5*,*-vl*,*vision*,*llava*,*llama-4*,*gemma-3*,gemma3*,*pixtral*,*internvl*,minicpm-v*',
    description: 'Models that see images, as a list with * for any text. The others are told that there is one.',
  }),
  CONTEXT_SIZE: integer({
    default: 0,
    min: 0,
    max: 100_000_000,
    defaultText: '(as the model server says)',
    description: 'Tokens that models take, prompt and answer together, where their server does not say; 0: unlimited.',
  }),
  MODEL_TIMEOUT_SECONDS: integer({
    default: 600,
    min: 1,
    max: 86_400,
    description: 'Seconds without a byte from the model server after which a call fails.',
  }),
  MODEL_MAX_RETRIES: integer({
    default: 2,
    min: 0,
    max: 10,
    description: 'Further tries of a model call that failed before its first token.',
  }),
  MODEL_LOG: flag({
    default: false,
    description: 'Whether model requests and answers are recorded in DATA_DIR, for administrators to read.',
  }),
  MODEL_LOG_SAMPLE: decimal({
    default: 1,
    min: 0,
    max: 1,
    description: 'Share of the runs whose model calls are recorded.',
  }),
  MODEL_LOG_MAX_MB: integer({
    default: 256,
    min: 8,
    max: 1_000_000,
    description: 'Size of that record on disk, in MiB; the oldest goes first.',
  }),
  MODEL_LOG_REDACT: text({
    default: undefined,
    description: 'Regular expression whose matches are removed from the record, besides keys, tokens and inline files.',
  }),
} as const;
