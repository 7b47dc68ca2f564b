import type { ChatRequest } from '../ports/chat-model.js';
import type { ModelError } from '../ports/model-error.js';

/**
 * How far a model lets itself be told how much to think: gpt-oss knows levels, others only yes or no, and some nothing at
 * all (https://github.com/ollama/ollama/blob/main/docs/api.md, `think`).
 */
export type ThoughtControl = 'levels' | 'switch' | 'none';

type Think = boolean | string;

const LEVELS: ReadonlySet<Think> = new Set(['low', 'medium', 'high']);
const LEVELS_OF_EFFORT: ReadonlyMap<string, Think> = new Map<string, Think>([
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
]);

/** The field `think` of a request; undefined where it is to be left out. A nonsense value is Ollama's to refuse. */
export function thinkOf({ reasoningEffort, extraBody }: ChatRequest, control: ThoughtControl): Think | undefined {
  if (control === 'none') return undefined;
  const given = extraBody?.['think'];
  const asked = typeof given === 'boolean' || typeof given === 'string' ? given : levelOf(reasoningEffort);
  return control === 'switch' && asked !== undefined && LEVELS.has(asked) ? true : asked;
}

/** Efforts that are not known yet are greater ones. */
function levelOf(effort: string | undefined): Think | undefined {
  return effort === undefined ? undefined : (LEVELS_OF_EFFORT.get(effort) ?? 'high');
}

/**
 * The control with which a refused request is worth one more try; undefined where it is not. Before it knew levels, Ollama
 * found that a text is no boolean.
 */
export function controlAfter(
  failure: ModelError,
  request: ChatRequest,
  control: ThoughtControl,
): ThoughtControl | undefined {
  const sent = thinkOf(request, control);
  if (failure.kind !== 'rejected' || sent === undefined) return undefined;
  if (/does not support thinking/i.test(failure.message)) return 'none';
  const isAboutLevel = /think value .*not supported|invalid think|cannot unmarshal string .*\bthink\b/i;
  return LEVELS.has(sent) && isAboutLevel.test(failure.message) ? 'switch' : undefined;
}
