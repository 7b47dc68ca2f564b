import type { Random } from './random.js';
import { RandomValues, type Schema } from './random-values.js';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** The product's own description of itself. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface RandomRequest {
  /** As the document names it. */
  route: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Whether the document would take the body and the query. */
  isMeantValid: boolean;
}

const BOUNDARY = 'the-boundary-of-the-fuzz';
const MOST_FAMILIES = 1000;
/** How often a path names an object that is there. What is deleted is of no use to later requests. */
const MOSTLY = 0.85;
const RARELY = 0.1;
const BROKEN_BODIES = ['', '{', 'null', '[]', '"text"', '\ufeff{}', '{"a":1}{"b":2}', '[[[[', 'purpose=assistants'];

/** Requests for every route of the document: right ones, and such with something wrong. */
export class RandomRequests {
  private readonly values: RandomValues;
  /** Which of the known objects the request at hand names: a run goes with its thread. */
  private family = 0;
  readonly routes: { method: string; path: string; operation: Operation }[];

  constructor(
    private readonly random: Random,
    document: OpenApiDocument,
    private readonly known: (name: string, family: number) => unknown,
  ) {
    this.values = new RandomValues(random, document.components.schemas, (name) => known(name, this.family));
    this.routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }

  /** One for the route of that number, counted on from the first after the last. */
  make(index: number): RandomRequest {
    const route = this.routes[index % this.routes.length];
    if (!route) throw new Error('The document has no routes.');
    const { method, path, operation } = route;
    this.family = this.random.integer(0, MOST_FAMILIES);
    const isMeantValid = this.random.chance(0.45);
    // fetch sends no bodies with GET.
    const body = method === 'GET' ? {} : this.bodyOf(operation, isMeantValid);
    return {
      route: `${method} ${path}`,
      method,
      path: this.pathOf(path, method === 'DELETE' ? RARELY : MOSTLY) + this.queryOf(operation, isMeantValid),
      headers: body.type === undefined ? {} : { 'content-type': body.type },
      body: body.text,
      isMeantValid,
    };
  }

  private pathOf(template: string, chanceOfKnown: number): string {
    return template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const known = this.known(name, this.family);
      if (typeof known === 'string' && this.random.chance(chanceOfKnown)) return encodeURIComponent(known);
      return encodeURIComponent(
        this.values
          .hostileText()
          .replace(/\p{Surrogate}/gu, '?')
          .replace(/^\.*$/, 'none')
          .slice(0, 200),
      );
    });
  }

  private queryOf({ parameters = [] }: Operation, isMeantValid: boolean): string {
    const query = new URLSearchParams();
    for (const { in: place, name, schema, required } of parameters) {
      if (place !== 'query' || (required !== true && this.random.chance(0.6))) continue;
      const isRight = isMeantValid || this.random.chance(0.5);
      query.append(name, isRight ? String(this.values.valid(schema, name)) : this.values.hostileText());
    }
    if (!isMeantValid && this.random.chance(0.1)) query.append('nonsense', this.values.hostileText());
    return query.size > 0 ? `?${query.toString()}` : '';
  }

  private bodyOf({ requestBody }: Operation, isMeantValid: boolean): { text?: string; type?: string } {
    const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
    if (type === undefined || content === undefined) {
      return isMeantValid || this.random.chance(0.8) ? {} : { text: '{"a":1}', type: 'application/json' };
    }
    if (!isMeantValid && this.random.chance(0.15)) return { text: this.random.pick(BROKEN_BODIES), type };
    const body = isMeantValid ? this.values.valid(content.schema) : this.values.invalid(content.schema);
    if (type !== 'multipart/form-data') return { text: JSON.stringify(body), type };
    return { text: this.form(body), type: `${type}; boundary=${BOUNDARY}` };
  }

  private form(body: unknown): string {
    const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
    const parts = fields.map(([name, value]) => {
      const isFile = name === 'file' || name === 'data';
      const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${isFile ? '; filename="a.txt"' : ''}`;
      return `${head}\r\n\r\n${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`;
    });
    return `${parts.join('')}--${BOUNDARY}--\r\n`;
  }
}
