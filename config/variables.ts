import { AUTH } from './variables/auth.js';
import { FILES } from './variables/files.js';
import { KNOWLEDGE } from './variables/knowledge.js';
import { MODELS } from './variables/models.js';
import { RETRIEVAL } from './variables/retrieval.js';
import { RUNS } from './variables/runs.js';
import { SANDBOX } from './variables/sandbox.js';
import { SERVER } from './variables/server.js';
import { TOOLS } from './variables/tools.js';

/** Every environment variable that Threadmill reads. The README's table is generated from this. */
export const VARIABLES = {
  ...SERVER,
  ...AUTH,
  ...MODELS,
  ...RUNS,
  ...SANDBOX,
  ...TOOLS,
  ...FILES,
  ...KNOWLEDGE,
  ...RETRIEVAL,
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values = { readonly [Name in VariableName]: ReturnType<(typeof VARIABLES)[Name]['read']> };
