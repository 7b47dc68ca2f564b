import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ALLOWED_DIFFERENCES, DATA_OF_ERROR_EVENT } from './allowed-differences.js';

type Schema = Record<string, unknown>;
interface Operation {
  operationId: string;
  responses: { 200: { content?: Record<string, { schema?: Schema }> } };
}
interface Specification {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** An operation of the specification that a request is one of. */
export interface WireOperation {
  id: string;
  /** Undefined where the answer is no JSON: the content of a file. */
  answer: Schema | undefined;
  /** Name of the schema of a stream's event, or undefined where the stream is an assistant's. */
  eventSchema: string | undefined;
}

/** OpenAI's own specification (openai-openapi f85dbe2, MIT), cut down to the answers of the groups tested here. */
const SOURCE = new URL('./openai-wire.schema.json', import.meta.url);
const ROOT = 'https://specification.test/';

export class WireSchema {
  private readonly specification: Specification;
  private readonly ajv: Ajv2020;
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly dataOfEvents: ReadonlyMap<string, Schema>;

  constructor() {
    const specification = toJsonSchema(JSON.parse(readFileSync(SOURCE, 'utf8'))) as Specification;
    allowDifferences(specification.components.schemas);
    this.specification = specification;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addFormat('unixtime', { type: 'number', validate: (seconds) => seconds > 1e9 && seconds < 1e10 });
    this.ajv.addSchema({ $id: ROOT, components: specification.components });
    this.dataOfEvents = findDataOfEvents(specification.components.schemas);
  }

  /** The ids of every operation whose path begins with one of the given ones. */
  operationIds(...prefixes: string[]): string[] {
    return Object.entries(this.specification.paths)
      .filter(([path]) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
      .flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId));
  }

  /** @param path below /v1, without a query */
  findOperation(method: string, path: string): WireOperation | undefined {
    const parts = path.split('/').map(decodeURIComponent);
    // A literal segment goes before a parameter: /threads/runs is no thread.
    const candidates = Object.entries(this.specification.paths)
      .filter(([template]) => matches(template.split('/'), parts))
      .sort(([first], [second]) => countParameters(first) - countParameters(second));
    const operation = candidates[0]?.[1][method.toLowerCase()];
    if (!operation) return undefined;
    const id = operation.operationId;
    if (id === 'downloadFile') return { id, answer: undefined, eventSchema: undefined };
    const content = operation.responses[200].content ?? {};
    const event = content['text/event-stream']?.schema?.['$ref'];
    return {
      id,
      answer: content['application/json']?.schema,
      eventSchema: typeof event === 'string' ? event.split('/').at(-1) : undefined,
    };
  }

  /** What is wrong with a body, each with its place; nothing where it is right. */
  problems(schema: Schema, body: unknown): string[] {
    const key = JSON.stringify(schema);
    const validate = this.compiled.get(key) ?? this.ajv.compile(absolute(schema));
    this.compiled.set(key, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** The same for the data of a named event of an assistant's stream. */
  problemsOfEvent(event: string, data: unknown): string[] {
    const schema = this.dataOfEvents.get(event);
    return schema ? this.problems(schema, data) : [`The specification has no event ${event}.`];
  }

  schemaNamed(name: string): Schema {
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** OpenAPI 3.0's `nullable`, of which the specification still has some, in the words of JSON schema. */
function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, toJsonSchema(value)]));
  if (copy['nullable'] !== true) return copy;
  delete copy['nullable'];
  return { anyOf: [copy, { type: 'null' }] };
}

function allowDifferences(schemas: Record<string, Schema>): void {
  for (const { schemas: names, at, alsoAllowed } of ALLOWED_DIFFERENCES) {
    for (const name of names) {
      const keys = at.split('/');
      const last = keys.pop() ?? '';
      const parent = keys.reduce<Schema | undefined>((node, key) => node?.[key] as Schema | undefined, schemas[name]);
      if (parent?.[last] === undefined) throw new Error(`The specification has no ${name}/${at}.`);
      parent[last] = { anyOf: [parent[last], alsoAllowed] };
    }
  }
}

interface EventSchema {
  $ref?: string;
  oneOf?: EventSchema[];
  properties?: { event: { enum: string[] }; data: Schema };
}

function findDataOfEvents(schemas: Record<string, Schema>): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const visit = (schema: EventSchema | undefined): void => {
    if (schema?.$ref !== undefined) visit(schemas[schema.$ref.split('/').at(-1) ?? '']);
    for (const member of schema?.oneOf ?? []) visit(member);
    if (schema?.properties) found.set(schema.properties.event.enum[0] ?? '', schema.properties.data);
  };
  visit(schemas['AssistantStreamEvent']);
  return found.set('error', { $ref: `#/components/schemas/${DATA_OF_ERROR_EVENT}` });
}

/** References of a part are to be read as those of the whole document. */
function absolute(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`)) as Schema;
}

function matches(template: string[], parts: string[]): boolean {
  // Models' names may have slashes.
  if (template[1] === 'models' && template.length === 3) return parts[1] === 'models' && parts.length > 2;
  return (
    template.length === parts.length && template.every((part, index) => isParameter(part) || part === parts[index])
  );
}

function isParameter(part: string): boolean {
  return part.startsWith('{');
}

function countParameters(template: string): number {
  return template.split('/').filter(isParameter).length;
}
