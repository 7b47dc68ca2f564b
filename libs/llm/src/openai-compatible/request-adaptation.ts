import type { ModelError } from '../ports/model-error.js';

/** How requests to one server differ from the usual, learnt from what it refused. */
export interface Adaptations {
  readonly withoutStreamOptions: boolean;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
}

/**
 * The adaptations with which a refused request is worth one more try, or undefined. OpenAI's newer models
 * refuse `max_tokens`, older servers refuse `stream_options` or `max_completion_tokens` as unknown.
 */
export function adaptTo(error: ModelError, current: Adaptations): Adaptations | undefined {
  if (error.kind !== 'rejected') return undefined;
  const says = (name: string): boolean => error.details.param === name || error.message.includes(name);
  if (!current.withoutStreamOptions && says('stream_options')) return { ...current, withoutStreamOptions: true };
  if (current.maxTokensField === 'max_tokens' && says('max_tokens') && says('max_completion_tokens')) {
    return { ...current, maxTokensField: 'max_completion_tokens' };
  }
  return undefined;
}
