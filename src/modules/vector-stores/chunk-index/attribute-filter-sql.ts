import type { AttributeFilter, AttributeValue } from '@libs/retrieval';

type Comparison = Extract<AttributeFilter, { key: string }>;

const ORDER_OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * A filter as an SQL condition on a jsonb column. Values of different types are never equal, and only numbers and texts
 * have an order, each among themselves. A file without the attribute fulfils `ne` and `nin`, and nothing else.
 *
 * @param column the column's name in SQL
 * @param bind takes a value and gives its placeholder, such as `$3`
 */
export function attributeCondition(filter: AttributeFilter, column: string, bind: (value: unknown) => string): string {
  if ('filters' in filter) {
    const parts = filter.filters.map((part) => attributeCondition(part, column, bind));
    if (parts.length === 0) return filter.type === 'and' ? 'TRUE' : 'FALSE';
    return `(${parts.join(filter.type === 'and' ? ' AND ' : ' OR ')})`;
  }
  // A placeholder that is bound must be used.
  if (filter.type in ORDER_OPERATORS && !hasOrder(filter.value)) return 'FALSE';
  return comparisonCondition(filter, `${column} -> ${bind(filter.key)}::text`, bind);
}

function comparisonCondition(filter: Comparison, attribute: string, bind: (value: unknown) => string): string {
  const { type, value } = filter;
  switch (type) {
    case 'eq':
    case 'in':
      return `COALESCE(${attribute} = ANY(${bind(asJsonTexts(value))}::jsonb[]), FALSE)`;
    case 'ne':
    case 'nin':
      return `NOT COALESCE(${attribute} = ANY(${bind(asJsonTexts(value))}::jsonb[]), FALSE)`;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return orderCondition(ORDER_OPERATORS[type], value, attribute, bind);
  }
}

function orderCondition(
  operator: string,
  value: Comparison['value'],
  attribute: string,
  bind: (value: unknown) => string,
): string {
  const text = `(${attribute}) #>> '{}'`;
  const ofType = (name: string, comparison: string): string =>
    `CASE WHEN jsonb_typeof(${attribute}) = '${name}' THEN ${comparison} ELSE FALSE END`;
  if (typeof value === 'number') return ofType('number', `(${text})::numeric ${operator} ${bind(value)}::numeric`);
  return ofType('string', `(${text}) COLLATE "C" ${operator} ${bind(value)}::text COLLATE "C"`);
}

function hasOrder(value: Comparison['value']): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

function asJsonTexts(value: Comparison['value']): string[] {
  const values: readonly AttributeValue[] = typeof value === 'object' ? value : [value];
  return values.map((each) => JSON.stringify(each));
}
