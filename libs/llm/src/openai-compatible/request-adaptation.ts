import type { ModelError } from '../ports/model-error.js';
import type { Roles } from './strict-roles.js';

/** How requests for one model differ from the usual, learnt from what its server refused. */
export interface Adaptations {
  readonly withoutStreamOptions: boolean;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  readonly roles: Roles;
  /** Whether the model is told of its tools and the server is not to look for calls, which then stand in the text. */
  readonly callsInText: boolean;
  readonly shortCallIds: boolean;
}

/**
 * What chat templates say of roles, which servers pass on with a 400 (vLLM, SGLang) or a 500 (llama.cpp). Mistral 0.1 says
 * of a system message, too, that the roles do not alternate.
 */
const MUST_ALTERNATE =
  /roles must alternate|unexpected role '(?:user|assistant|system)'|system message must be at the beginning/i;
const NO_SYSTEM = /system role (?:is )?not supported|only user and assistant roles/i;

/** Mistral's API and tokenizer, and the templates before them: https://github.com/vllm-project/vllm/issues/9019 */
const LONG_CALL_IDS = /tool call ids? (?:should be alphanumeric strings with length 9|was \S+ but must be a-z)/i;
/** vLLM that was started without what finds calls: https://github.com/vllm-project/vllm/issues/9986 */
const NO_TOOL_PARSER = /--enable-auto-tool-choice|--tool-call-parser/;

/**
 * The adaptations with which a refused request is worth one more try, or undefined. OpenAI's newer models
 * refuse `max_tokens`, older servers refuse `stream_options` or `max_completion_tokens` as unknown, vLLM without a parser for
 * calls any choice of tools, and chat templates
 * refuse conversations whose roles they do not know or not in that order, or the ids of whose calls are not theirs.
 */
export function adaptTo(error: ModelError, current: Adaptations): Adaptations | undefined {
  const roles = rolesAfter(error, current.roles);
  if (roles !== undefined) return { ...current, roles };
  if (!isRefusal(error)) return undefined;
  if (!current.shortCallIds && LONG_CALL_IDS.test(error.message)) return { ...current, shortCallIds: true };
  if (error.kind !== 'rejected') return undefined;
  const says = (name: string): boolean => error.details.param === name || error.message.includes(name);
  if (!current.withoutStreamOptions && says('stream_options')) return { ...current, withoutStreamOptions: true };
  if (current.maxTokensField === 'max_tokens' && says('max_tokens') && says('max_completion_tokens')) {
    return { ...current, maxTokensField: 'max_completion_tokens' };
  }
  if (!current.callsInText && NO_TOOL_PARSER.test(error.message)) return { ...current, callsInText: true };
  return undefined;
}

/** What a template raises is an error of their own for some servers. */
function isRefusal({ kind }: ModelError): boolean {
  return kind === 'rejected' || kind === 'failed';
}

function rolesAfter(error: ModelError, current: Roles): Roles | undefined {
  const { message } = error;
  if (!isRefusal(error) || current === 'without-system') return undefined;
  if (NO_SYSTEM.test(message)) return 'without-system';
  if (!MUST_ALTERNATE.test(message)) return undefined;
  return current === 'any' ? 'alternating' : 'without-system';
}
