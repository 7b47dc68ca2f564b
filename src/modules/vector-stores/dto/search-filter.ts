import type { AttributeFilter, AttributeValue } from '@libs/retrieval';
import {
  arrayProblem,
  choiceProblem,
  Custom,
  inside,
  invalidType,
  isPlainObject,
  keyProblem,
  type Problem,
  type PropertyOptions,
} from '../../../common/validation/index.js';
import { attributeProblem } from './attributes.js';

const EQUALITY = ['eq', 'ne'];
const ORDER = ['gt', 'gte', 'lt', 'lte'];
const MEMBERSHIP = ['in', 'nin'];
const COMPOUND = ['and', 'or'];
const ALL_TYPES = [...EQUALITY, ...ORDER, ...MEMBERSHIP, ...COMPOUND];

const DEEPEST = 8;
const MOST_FILTERS = 256;
const MOST_VALUES = 1000;
const LONGEST_KEY = 64;

/** A comparison of an attribute, or several joined by `and` or `or`. */
export const SearchFilterProperty = (options: PropertyOptions = {}): PropertyDecorator =>
  Custom(filterProblem, {
    ...options,
    api: {
      oneOf: [
        {
          type: 'object',
          required: ['type', 'key', 'value'],
          properties: {
            type: { type: 'string', enum: [...EQUALITY, ...ORDER, ...MEMBERSHIP] },
            key: { type: 'string', maxLength: LONGEST_KEY },
            value: {
              oneOf: [
                { type: 'string' },
                { type: 'number' },
                { type: 'boolean' },
                { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
              ],
            },
          },
        },
        {
          type: 'object',
          required: ['type', 'filters'],
          properties: {
            type: { type: 'string', enum: COMPOUND },
            filters: { type: 'array', items: { type: 'object', additionalProperties: true } },
          },
        },
      ],
    },
  });

export function filterProblem(value: unknown): Problem | null {
  const budget = { left: MOST_FILTERS };
  return nodeProblem(value, 1, budget);
}

function nodeProblem(value: unknown, depth: number, budget: { left: number }): Problem | null {
  if (!isPlainObject(value)) return invalidType('an object', value);
  budget.left -= 1;
  if (budget.left < 0) return refusal(`Invalid '$path': a filter has at most ${MOST_FILTERS} parts.`);
  const { type } = value;
  if (type === undefined) return within('type', MISSING);
  const problem = within('type', choiceProblem(type, ALL_TYPES));
  if (problem || typeof type !== 'string') return problem;
  return COMPOUND.includes(type) ? compoundProblem(value, depth, budget) : comparisonProblem(type, value);
}

function compoundProblem(value: Record<string, unknown>, depth: number, budget: { left: number }): Problem | null {
  const stranger = strangerProblem(value, ['type', 'filters']);
  if (stranger) return stranger;
  if (value['filters'] === undefined) return within('filters', MISSING);
  if (depth >= DEEPEST) return refusal(`Invalid '$path': filters are nested at most ${DEEPEST} deep.`);
  const each = (item: unknown): Problem | null => nodeProblem(item, depth + 1, budget);
  return within('filters', arrayProblem(value['filters'], { min: 1, max: MOST_FILTERS }, each));
}

function comparisonProblem(type: string, filter: Record<string, unknown>): Problem | null {
  const { key, value } = filter;
  const stranger = strangerProblem(filter, ['type', 'key', 'value']);
  if (stranger) return stranger;
  if (key === undefined) return within('key', MISSING);
  if (value === undefined) return within('value', MISSING);
  const problem = within(
    'key',
    typeof key === 'string' ? keyProblem(key, { min: 1, max: LONGEST_KEY }) : invalidType('a string', key),
  );
  return problem ?? within('value', valueProblem(type, value));
}

function valueProblem(type: string, value: unknown): Problem | null {
  if (MEMBERSHIP.includes(type)) return arrayProblem(value, { max: MOST_VALUES }, memberProblem);
  if (ORDER.includes(type) && typeof value === 'boolean') return invalidType('a number or string', value);
  return attributeProblem(value);
}

function memberProblem(value: unknown): Problem | null {
  return typeof value === 'boolean' ? invalidType('a string or number', value) : attributeProblem(value);
}

function strangerProblem(value: Record<string, unknown>, known: readonly string[]): Problem | null {
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger === undefined) return null;
  return within(stranger.slice(0, LONGEST_KEY), { code: 'unknown_parameter', text: "Unknown parameter: '$path'." });
}

const MISSING: Problem = { code: 'missing_required_parameter', text: "Missing required parameter: '$path'." };

function refusal(text: string): Problem {
  return { code: 'invalid_value', text };
}

function within(property: string, problem: Problem | null): Problem | null {
  return problem && inside(`.${property}`, problem);
}

/** A filter that `filterProblem` finds nothing wrong with. */
export function toFilter(value: Record<string, unknown>): AttributeFilter {
  const { type, filters } = value;
  if (type === 'and' || type === 'or') {
    return { type, filters: (filters as Record<string, unknown>[]).map(toFilter) };
  }
  return {
    type: type as Extract<AttributeFilter, { key: string }>['type'],
    key: value['key'] as string,
    value: value['value'] as AttributeValue | (string | number)[],
  };
}
