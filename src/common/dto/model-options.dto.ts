import {
  choiceProblem,
  Custom,
  inside,
  invalidType,
  isPlainObject,
  jsonObjectProblem,
  textProblem,
  type Problem,
  type PropertyOptions,
} from '../validation/index.js';

export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** "auto", or an object with type text, json_object or json_schema. */
export const ResponseFormat = (options: PropertyOptions = {}): PropertyDecorator =>
  Custom(responseFormatProblem, {
    nullable: true,
    ...options,
    api: {
      oneOf: [
        { type: 'string', enum: ['auto'] },
        { type: 'object', additionalProperties: true },
      ],
    },
  });

function responseFormatProblem(value: unknown): Problem | null {
  if (typeof value === 'string') return choiceProblem(value, ['auto']);
  if (!isPlainObject(value)) return invalidType('an object', value);
  const problem =
    within('type', choiceProblem(value['type'], ['text', 'json_object', 'json_schema'])) ?? jsonObjectProblem(value);
  if (problem || value['type'] !== 'json_schema') return problem;
  return within('json_schema', jsonSchemaProblem(value['json_schema']));
}

function jsonSchemaProblem(value: unknown): Problem | null {
  if (value === undefined) return { code: 'missing_required_parameter', text: "Missing required parameter: '$path'." };
  if (!isPlainObject(value)) return invalidType('an object', value);
  const { name, schema } = value;
  return (
    within('name', textProblem(name, { pattern: /^[a-zA-Z0-9_-]{1,64}$/ })) ??
    (schema === undefined ? null : within('schema', jsonObjectProblem(schema)))
  );
}

function within(property: string, problem: Problem | null): Problem | null {
  return problem && inside(`.${property}`, problem);
}

/** "none", "auto", "required", or an object that names one tool. */
export const ToolChoice = (options: PropertyOptions = {}): PropertyDecorator =>
  Custom(toolChoiceProblem, {
    nullable: true,
    ...options,
    api: {
      oneOf: [
        { type: 'string', enum: ['none', 'auto', 'required'] },
        { type: 'object', additionalProperties: true },
      ],
    },
  });

function toolChoiceProblem(value: unknown): Problem | null {
  if (typeof value === 'string') return choiceProblem(value, ['none', 'auto', 'required']);
  if (!isPlainObject(value)) return invalidType('an object', value);
  const problem = within('type', choiceProblem(value['type'], ['function', 'code_interpreter', 'file_search']));
  if (problem || value['type'] !== 'function') return problem;
  const named: unknown = value['function'];
  if (!isPlainObject(named)) return within('function', invalidType('an object', named));
  return within('function.name', textProblem(named['name'], { min: 1, max: 64 }));
}
