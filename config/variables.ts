import { choice, decimal, flag, integer, text, url } from './variable.js';

const HTTP = ['http', 'https'] as const;

/** Every environment variable that Threadmill reads. The README's table is generated from this. */
export const VARIABLES = {
  API_HOST: text({ default: '127.0.0.1', description: 'Address the API listens on.' }),
  API_PORT: integer({ default: 8200, min: 0, max: 65535, description: 'Port of the API; 0 picks a free one.' }),
  HTTP_SERVER_PORT: integer({
    default: 8100,
    min: 0,
    max: 65535,
    description: 'Port of the file server that gives out generated files by signed URL; 0 picks a free one.',
  }),
  TRUSTED_PROXIES: integer({
    default: 0,
    min: 0,
    max: 10,
    description: 'Proxies in front of the API whose X-Forwarded-For is believed: 1 behind an ingress.',
  }),
  FILE_SERVER_URL: url({
    default: undefined,
    protocols: HTTP,
    defaultText: 'http://localhost:<HTTP_SERVER_PORT>',
    description: 'Base of the URLs of generated files as users reach them, such as the address of an ingress.',
  }),
  FILE_URL_TTL_SECONDS: integer({
    default: 86_400,
    min: 60,
    max: 31_536_000,
    description: 'Seconds for which a signed file URL is valid.',
  }),
  DATA_DIR: text({ default: './data', description: 'Folder of the embedded database, blobs, workspaces and secrets.' }),
  DATABASE_URL: url({
    default: undefined,
    protocols: ['postgres', 'postgresql'],
    secret: true,
    description: 'Postgres server. Unset: the embedded database in DATA_DIR.',
  }),
  DATABASE_POOL_SIZE: integer({
    default: 20,
    min: 1,
    max: 500,
    description: 'Connections to the Postgres server per process. The embedded database always has one.',
  }),
  REDIS_URL: url({
    default: undefined,
    protocols: ['redis', 'rediss'],
    secret: true,
    description: 'Redis for jobs and events. Unset: both stay in this process.',
  }),
  REDIS_PREFIX: text({
    default: 'threadmill',
    description: 'Begins every key in Redis. Two installations on one Redis need two.',
  }),
  ROLE: choice(['all', 'api', 'worker'], {
    default: 'all',
    description: 'What this process does. api and worker need DATABASE_URL and REDIS_URL.',
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe log line written.',
  }),
  AUTH_REQUIRED: flag({
    default: true,
    description: 'false: every request acts as the first administrator. For one person on one machine.',
  }),
  AUTH_DISABLED_ON_NETWORK: flag({
    default: false,
    description: 'Allows AUTH_REQUIRED=false on an address that others can reach. Know what you do.',
  }),
  SIGNUP_ENABLED: flag({ default: true, description: 'Whether anyone may sign up with POST /api/auth/signup.' }),
  JWT_SECRET_KEY: text({
    default: undefined,
    secret: true,
    defaultText: '(random, kept in DATA_DIR)',
    description: 'Key that signs tokens and file URLs, at least 32 characters. Set it when several processes serve.',
  }),
  JWT_EXPIRATION_HOURS: integer({
    default: 168,
    min: 1,
    max: 87_600,
    description: 'Hours for which a login is valid.',
  }),
  DEFAULT_ADMIN_USERNAME: text({ default: 'admin', description: 'Name of the administrator made at first start.' }),
  DEFAULT_ADMIN_PASSWORD: text({
    default: undefined,
    secret: true,
    defaultText: '(random, printed once)',
    description: 'Password of the administrator made at first start, at least 8 characters.',
  }),
  RATE_LIMIT_REQUESTS_PER_MINUTE: integer({
    default: 0,
    min: 0,
    max: 10_000_000,
    description: 'Requests that one project may send in a minute; 0: any number.',
  }),
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
    description: 'Model for requests that name none, where that is allowed.',
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
  MAX_TOOL_ROUNDS: integer({
    default: 30,
    min: 1,
    max: 1000,
    description: 'Most rounds of tool calls in one run; after them the model must answer.',
  }),
  RUN_CONCURRENCY: integer({
    default: 16,
    min: 1,
    max: 10_000,
    description: 'Runs that one process executes at once.',
  }),
  RUN_LEASE_SECONDS: integer({
    default: 15,
    min: 2,
    max: 3600,
    description: 'Seconds of silence after which the run of a worker is given to another one.',
  }),
  RUN_REAP_INTERVAL_SECONDS: integer({
    default: 5,
    min: 1,
    max: 3600,
    description: 'Seconds between two looks for runs that nobody works on: of lost workers, or expired.',
  }),
  SANDBOX_PROVIDER: choice(['auto', 'bubblewrap', 'deno', 'none'], {
    default: 'auto',
    description: 'Where Python runs. auto: bubblewrap where it works, else Deno with Pyodide.',
  }),
  SANDBOX_PYTHON: text({
    default: '/usr/bin/python3',
    description: 'Interpreter of the bubblewrap provider.',
  }),
  SANDBOX_WARM_KERNELS: integer({
    default: 2,
    min: 0,
    max: 64,
    description: 'Interpreters kept ready for the next conversation, some 80 MB each with pandas; 0: none.',
  }),
  SANDBOX_IDLE_SECONDS: integer({
    default: 3600,
    min: 1,
    max: 604_800,
    description: "Seconds without a call after which a thread's interpreter ends. Its files stay.",
  }),
  SANDBOX_MAX_SESSIONS: integer({
    default: 32,
    min: 1,
    max: 10_000,
    description: 'Interpreters that one process keeps at once. Beyond that the one unused for longest ends.',
  }),
  CODE_EXECUTION_TIMEOUT: integer({
    default: 120,
    min: 1,
    max: 86_400,
    description: 'Seconds of wall time for one execution of code.',
  }),
  MAX_FILE_SIZE_MB: integer({ default: 512, min: 1, max: 1_048_576, description: 'Largest file upload, in MiB.' }),
  MAX_UPLOAD_SIZE_MB: integer({
    default: 8192,
    min: 1,
    max: 1_048_576,
    description: 'Largest file made of the parts of an upload (POST /v1/uploads), in MiB. A part has at most 64.',
  }),
  MAX_BODY_SIZE_MB: integer({ default: 32, min: 1, max: 1024, description: 'Largest JSON body, in MiB.' }),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values = { readonly [Name in VariableName]: ReturnType<(typeof VARIABLES)[Name]['read']> };
