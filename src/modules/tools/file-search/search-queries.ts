import { parseObject } from '@libs/agent';

const MOST_QUERIES = 5;
const LONGEST_QUERY = 1000;

export const QUERY_PARAMETERS = {
  type: 'object',
  properties: {
    queries: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      maxItems: MOST_QUERIES,
      description: 'What to look for.',
    },
  },
  required: ['queries'],
  additionalProperties: false,
};

export const BAD_ARGUMENTS = `The arguments must be a JSON object with the list "queries" of 1 to ${MOST_QUERIES} texts.`;

/** What the model looks for; models write one text or a list, under one name or the other. Null: neither. */
export function readQueries(callArguments: string): string[] | null {
  const parsed = parseObject(callArguments);
  const given = [parsed?.['queries'] ?? parsed?.['query']].flat();
  const queries = given.flatMap((query) => (typeof query === 'string' ? [clean(query)] : []));
  const asked = [...new Set(queries.filter((query) => query !== ''))].slice(0, MOST_QUERIES);
  return asked.length === 0 ? null : asked;
}

function clean(query: string): string {
  return query
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, LONGEST_QUERY)
    .replace(/[\uD800-\uDBFF]$/, '');
}
