import type { ResponseFormat } from '@libs/llm';
import type { Prompts } from './prompts.js';

/** The form that an answer must have, in words for a model whose server cannot see to it; empty where it is a text. */
export function describeForm(format: ResponseFormat | undefined, prompts: Prompts): string {
  if (!format || format.type === 'text') return '';
  const schema = format.type === 'json_schema' ? format.json_schema.schema : undefined;
  return prompts.fill('answer-form', { schema: schema ? ` that fits this schema: ${JSON.stringify(schema)}` : '' });
}
