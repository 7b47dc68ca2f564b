import { ApiExtraModels, ApiProperty, getSchemaPath, type ApiPropertyOptions } from '@nestjs/swagger';
import { plainToInstance, Transform, Type } from 'class-transformer';
import { IsOptional, registerDecorator, ValidateNested } from 'class-validator';
import {
  arrayProblem,
  choiceProblem,
  flagProblem,
  isPlainObject,
  jsonObjectProblem,
  metadataProblem,
  numberProblem,
  textProblem,
  type NumberRule,
  type TextRule,
} from './checks.js';
import { restoreKeys } from './guarded-keys.js';
import { encodeProblem, invalidType, type Check, type Problem } from './problem.js';

/** Every property of a body or query bears one of the decorators below: its check and its OpenAPI text at once. */
export interface PropertyOptions {
  description?: string;
  /** Default: false. Null counts as absent, as on OpenAI's wire. */
  required?: boolean;
  nullable?: boolean;
}

const MISSING: Problem = { code: 'missing_required_parameter', text: "Missing required parameter: '$path'." };

function checked(check: Check, options: PropertyOptions, api: ApiPropertyOptions): PropertyDecorator {
  return (target, propertyKey) => {
    const run = (value: unknown): Problem | null => (value === undefined || value === null ? MISSING : check(value));
    registerDecorator({
      name: 'wire',
      target: target.constructor,
      propertyName: String(propertyKey),
      validator: {
        validate: (value: unknown) => run(value) === null,
        defaultMessage: (validation) => encodeProblem(run(validation?.value) ?? MISSING),
      },
    });
    if (!options.required) IsOptional()(target, propertyKey);
    ApiProperty({
      ...api,
      required: options.required ?? false,
      ...(options.nullable ? { nullable: true } : {}),
      ...(options.description ? { description: options.description } : {}),
    } as ApiPropertyOptions)(target, propertyKey);
  };
}

export function Text(options: PropertyOptions & TextRule = {}): PropertyDecorator {
  const api = {
    type: String,
    ...(options.max === undefined ? {} : { maxLength: options.max }),
    ...(options.min === undefined ? {} : { minLength: options.min }),
    ...(options.pattern === undefined ? {} : { pattern: options.pattern.source }),
  };
  return checked((value) => textProblem(value, options), options, api);
}

export function Numeric(options: PropertyOptions & NumberRule = {}): PropertyDecorator {
  const api = {
    type: options.integer ? ('integer' as const) : ('number' as const),
    ...(options.min === undefined ? {} : { minimum: options.min }),
    ...(options.max === undefined ? {} : { maximum: options.max }),
  };
  return checked((value) => numberProblem(value, options), options, api);
}

export function Flag(options: PropertyOptions = {}): PropertyDecorator {
  return checked(flagProblem, options, { type: Boolean });
}

export function Choice(choices: readonly (string | number)[], options: PropertyOptions = {}): PropertyDecorator {
  return checked((value) => choiceProblem(value, choices), options, { enum: [...choices] });
}

export function TextList(
  options: PropertyOptions & { min?: number; max?: number; each?: TextRule } = {},
): PropertyDecorator {
  return checked((value) => arrayProblem(value, options, (item) => textProblem(item, options.each)), options, {
    type: String,
    isArray: true,
    ...(options.max === undefined ? {} : { maxItems: options.max }),
    ...(options.min === undefined ? {} : { minItems: options.min }),
  });
}

/** Content of the client's own: its keys come back as they were sent. */
function ownContent(check: Check, options: PropertyOptions, api: ApiPropertyOptions): PropertyDecorator {
  return (target, propertyKey) => {
    Transform(({ value }: { value: unknown }) => restoreKeys(value))(target, propertyKey);
    checked(check, options, api)(target, propertyKey);
  };
}

export function Metadata(options: PropertyOptions = {}): PropertyDecorator {
  return ownContent(
    metadataProblem,
    { nullable: true, ...options },
    { type: 'object', additionalProperties: { type: 'string' } },
  );
}

/** A JSON object whose content is the client's own. */
export function JsonObject(options: PropertyOptions = {}): PropertyDecorator {
  return ownContent(jsonObjectProblem, options, { type: 'object', additionalProperties: true });
}

/** A value whose form only the given check knows, such as a union of a string and an object. */
export function Custom(check: Check, options: PropertyOptions & { api: ApiPropertyOptions }): PropertyDecorator {
  return ownContent(check, options, options.api);
}

type BodyClass = new () => object;
interface Union {
  /** What a value of no known name becomes, so that its check can tell the names there are. */
  base: BodyClass;
  /** Values of other names are taken, too. */
  isOpen?: boolean;
  discriminator: { property: string; subTypes: { name: string; value: BodyClass }[] };
}
type Nested = BodyClass | Union;

/** class-transformer's own unions fail at a null among the items. */
function typeDecorator(nested: Nested): PropertyDecorator {
  if (!('base' in nested)) return Type(() => nested);
  return Transform(({ value }: { value: unknown }) => {
    return Array.isArray(value) ? value.map((item) => toMember(nested, item)) : toMember(nested, value);
  });
}

function toMember({ base, discriminator }: Union, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const member = discriminator.subTypes.find(({ name }) => name === value[discriminator.property]);
  return plainToInstance(member?.value ?? base, value);
}

/** An object of another class, or one of several told apart by a property. */
export function Nest(nested: Nested, options: PropertyOptions = {}): PropertyDecorator {
  return (target, propertyKey) => {
    typeDecorator(nested)(target, propertyKey);
    const check: Check = (value) => (isPlainObject(value) ? null : invalidType('an object', value));
    checked(check, options, 'base' in nested ? unionApi(nested, target) : { type: () => nested })(target, propertyKey);
    ValidateNested()(target, propertyKey);
  };
}

export function NestList(
  nested: Nested,
  options: PropertyOptions & { min?: number; max?: number } = {},
): PropertyDecorator {
  return (target, propertyKey) => {
    typeDecorator(nested)(target, propertyKey);
    const each: Check = (item) => (isPlainObject(item) ? null : invalidType('an object', item));
    const api: ApiPropertyOptions =
      'base' in nested
        ? { type: 'array', items: unionApi(nested, target) }
        : { type: () => nested, isArray: true as const };
    checked((value) => arrayProblem(value, options, each), options, api)(target, propertyKey);
    ValidateNested({ each: true })(target, propertyKey);
  };
}

/** Swagger finds the members by the class that has the property. */
function unionApi({ base, isOpen, discriminator }: Union, target: object): { oneOf: { $ref: string }[] } {
  const members = [...discriminator.subTypes.map(({ value }) => value), ...(isOpen ? [base] : [])];
  ApiExtraModels(...members)(target.constructor);
  return { oneOf: members.map((member) => ({ $ref: getSchemaPath(member) })) };
}
