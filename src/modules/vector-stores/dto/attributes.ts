import {
  Custom,
  inside,
  invalidType,
  isPlainObject,
  keyProblem,
  textProblem,
  type Problem,
  type PropertyOptions,
} from '../../../common/validation/index.js';

const MOST_ATTRIBUTES = 16;
const LONGEST_KEY = 64;
const LONGEST_TEXT = 512;

/** What filters of searches go by: at most 16 keys of 64 characters, each a text of 512, a number or a boolean. */
export const AttributesProperty = (options: PropertyOptions = {}): PropertyDecorator =>
  Custom(attributesProblem, {
    nullable: true,
    ...options,
    api: {
      type: 'object',
      additionalProperties: {
        oneOf: [{ type: 'string', maxLength: LONGEST_TEXT }, { type: 'number' }, { type: 'boolean' }],
      },
    },
  });

export function attributesProblem(value: unknown): Problem | null {
  if (!isPlainObject(value)) return invalidType('an object', value);
  const pairs = Object.entries(value);
  if (pairs.length > MOST_ATTRIBUTES) {
    return {
      code: 'object_above_max_properties',
      text: `Invalid '$path': too many properties. Expected an object with at most ${MOST_ATTRIBUTES} properties, but got an object with ${pairs.length} properties instead.`,
    };
  }
  for (const [key, item] of pairs) {
    const problem = keyProblem(key, { min: 1, max: LONGEST_KEY }) ?? attributeProblem(item);
    if (problem) return inside(`.${key.slice(0, LONGEST_KEY)}`, problem);
  }
  return null;
}

/** A value that an attribute may have. */
export function attributeProblem(value: unknown): Problem | null {
  if (typeof value === 'string') return textProblem(value, { max: LONGEST_TEXT });
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return null;
  return invalidType('a string, number, or boolean', value);
}
