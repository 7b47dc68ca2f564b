import { isAbsolute, resolve } from 'node:path';
import { EMPTY_FILE, readConfigFile, type ConfigFile } from './file/read-config-file.js';
import { VARIABLES, type Values, type VariableName } from './variables.js';

/** One or more variables are wrong. The message names each with what is wrong, and no secret's value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** The configuration: validated once, frozen. */
export type Config = Values & ConfigFile;

/**
 * Reads and checks every variable, and the file that THREADMILL_CONFIG names; `overrides` win over the environment. Throws a ConfigError that lists all problems at
 * once.
 */
export function loadConfig(
  env: Record<string, string | undefined> = process.env,
  overrides: Partial<Record<VariableName, string>> = {},
): Config {
  const values: Partial<Record<VariableName, unknown>> = {};
  const problems: string[] = [];
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    try {
      values[name] = VARIABLES[name].read(overrides[name] ?? env[name]);
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  const path = values['THREADMILL_CONFIG'];
  const file = typeof path === 'string' ? readConfigFile(path, env, problems) : EMPTY_FILE;
  if (problems.length > 0) throw new ConfigError(problems);
  const config = { ...(values as Values), ...file };
  const conflicts = findConflicts(config);
  if (conflicts.length > 0) throw new ConfigError(conflicts);
  return Object.freeze({
    ...config,
    DATA_DIR: isAbsolute(config.DATA_DIR) ? config.DATA_DIR : resolve(config.DATA_DIR),
  });
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);
const SHORTEST_JWT_SECRET = 32;
const SHORTEST_PASSWORD = 8;
const SHORTEST_SANDBOX_TOKEN = 32;

/** Rules that need more than one variable, or more than a type. */
function findConflicts(config: Config): string[] {
  const problems: string[] = [];
  if (
    (config.ROLE === 'api' || config.ROLE === 'worker') &&
    (config.DATABASE_URL === undefined || config.REDIS_URL === undefined)
  ) {
    problems.push(`ROLE=${config.ROLE} needs DATABASE_URL and REDIS_URL: several processes share their state there.`);
  }
  if (!config.AUTH_REQUIRED && !LOOPBACK_HOSTS.has(config.API_HOST) && !config.AUTH_DISABLED_ON_NETWORK) {
    problems.push(
      `AUTH_REQUIRED=false is refused on API_HOST=${config.API_HOST}, which others can reach. ` +
        'Set AUTH_DISABLED_ON_NETWORK=true if that is what you want.',
    );
  }
  if (config.JWT_SECRET_KEY !== undefined && config.JWT_SECRET_KEY.length < SHORTEST_JWT_SECRET) {
    problems.push(`JWT_SECRET_KEY must have at least ${SHORTEST_JWT_SECRET} characters.`);
  }
  if (config.DEFAULT_ADMIN_PASSWORD !== undefined && config.DEFAULT_ADMIN_PASSWORD.length < SHORTEST_PASSWORD) {
    problems.push(`DEFAULT_ADMIN_PASSWORD must have at least ${SHORTEST_PASSWORD} characters.`);
  }
  if (config.MODEL_LOG_REDACT !== undefined && !isExpression(config.MODEL_LOG_REDACT)) {
    problems.push('MODEL_LOG_REDACT must be a regular expression.');
  }
  return [...problems, ...findMissingHost(config), ...findSandboxProblems(config)];
}

/** Whoever knows the token can run code on a sandbox host, and a sandbox host gets the files of every tenant. */
function findSandboxProblems(config: Config): string[] {
  const isHost = config.ROLE === 'sandbox';
  const isCaller = !isHost && config.SANDBOX_PROVIDER === 'remote';
  const problems: string[] = [];
  if (isHost && config.SANDBOX_PROVIDER === 'remote') {
    problems.push('ROLE=sandbox needs a SANDBOX_PROVIDER of its own machine.');
  }
  if (isCaller && config.SANDBOX_REMOTE_URLS.length === 0) {
    problems.push('SANDBOX_PROVIDER=remote needs SANDBOX_REMOTE_URLS.');
  }
  if ((isHost || isCaller) && (config.SANDBOX_REMOTE_TOKEN ?? '').length < SHORTEST_SANDBOX_TOKEN) {
    problems.push(`SANDBOX_REMOTE_TOKEN must have at least ${SHORTEST_SANDBOX_TOKEN} characters.`);
  }
  return problems;
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const HOST_OF_BACKEND = {
  vllm: 'VLLM_HOST',
  ollama: 'OLLAMA_HOST',
  llamacpp: 'LLAMACPP_HOST',
  openai: 'OPENAI_BASE_URL',
} as const;

function findMissingHost(config: Config): string[] {
  if (config.LLM_BACKEND === 'demo' && config.models.servers.length > 0) {
    return ['LLM_BACKEND=demo is for no server at all, and the file of THREADMILL_CONFIG names some.'];
  }
  if (config.LLM_BACKEND === 'auto' || config.LLM_BACKEND === 'demo') return [];
  const host = HOST_OF_BACKEND[config.LLM_BACKEND];
  return config[host] === undefined ? [`LLM_BACKEND=${config.LLM_BACKEND} needs ${host}.`] : [];
}
