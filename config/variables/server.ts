import { choice, integer, text, url } from '../variable.js';
import { HTTP } from './protocols.js';

/** The server, its addresses, and what it stands on. */
export const SERVER = {
  THREADMILL_CONFIG: text({
    default: undefined,
    description:
      'YAML or JSON file for what variables cannot hold, such as several servers per model (docs/models.md).',
  }),
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
  ROLE: choice(['all', 'api', 'worker', 'sandbox'], {
    default: 'all',
    description:
      'What this process does. api and worker need DATABASE_URL and REDIS_URL; sandbox runs code for the others.',
  }),
  OPENAI_BETA_HEADER: choice(['required', 'optional'], {
    default: 'required',
    description:
      'Whether /v1/assistants and /v1/threads refuse requests without `OpenAI-Beta: assistants=v2`, as OpenAI does.',
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe log line written.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    default: undefined,
    protocols: HTTP,
    description: 'OpenTelemetry collector that is sent the spans of runs and agents. Unset: no spans are made.',
  }),
  OTEL_SERVICE_NAME: text({ default: 'threadmill', description: 'Name under which the spans are sent.' }),
} as const;
