import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { Fields, isFragment } from './fields.js';
import { NO_MODELS, readModelsSection, type ModelsSection } from './models-section.js';
import { resolveReferences } from './references.js';
import { NO_SANDBOX_SECTION, readSandboxSection, type SandboxSection } from './sandbox-section.js';

/** What may stand in the file that THREADMILL_CONFIG names. */
export interface ConfigFile {
  readonly models: ModelsSection;
  readonly sandbox: SandboxSection;
}

export const EMPTY_FILE: ConfigFile = { models: NO_MODELS, sandbox: NO_SANDBOX_SECTION };

/** Reads the file at the path. What is wrong with it goes to `problems`. */
export function readConfigFile(path: string, env: Record<string, string | undefined>, problems: string[]): ConfigFile {
  try {
    return parseConfigFile(readFileSync(path, 'utf8'), env, problems);
  } catch (error) {
    problems.push(`THREADMILL_CONFIG names a file that cannot be read: ${errorCodeOf(error)}.`);
    return EMPTY_FILE;
  }
}

/** The content of such a file: YAML, of which JSON is a part. */
export function parseConfigFile(text: string, env: Record<string, string | undefined>, problems: string[]): ConfigFile {
  const found: string[] = [];
  const file = readSections(text, env, found);
  problems.push(...found.map((problem) => `The file of THREADMILL_CONFIG: ${problem}`));
  return file;
}

function readSections(text: string, env: Record<string, string | undefined>, problems: string[]): ConfigFile {
  const document = parseDocument(text, { prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    problems.push(`it is no YAML (${syntaxError.code} at character ${syntaxError.pos[0]}).`);
    return EMPTY_FILE;
  }
  const content: unknown = resolveReferences(document.toJS() ?? {}, env, problems);
  if (!isFragment(content)) {
    problems.push('it must be a mapping of sections.');
    return EMPTY_FILE;
  }
  const fields = new Fields(content, '', problems);
  const models = fields.inner('models', fields.mapping('models') ?? {});
  const sandbox = fields.inner('sandbox', fields.mapping('sandbox') ?? {});
  const file = {
    models: models ? readModelsSection(models) : NO_MODELS,
    sandbox: sandbox ? readSandboxSection(sandbox) : NO_SANDBOX_SECTION,
  };
  fields.end();
  return file;
}

function errorCodeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
