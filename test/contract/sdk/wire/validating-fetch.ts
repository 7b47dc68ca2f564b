import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { WireSchema, type WireOperation } from './wire-schema.js';

/** Operations of the product's own, which the specification does not know, and what they answer with. */
const EXTENSIONS: { method: string; path: RegExp; id: string; items?: string }[] = [
  { method: 'GET', path: /^\/threads$/, id: 'extension: list threads', items: 'ThreadObject' },
  { method: 'GET', path: /^\/threads\/[^/]+\/runs\/[^/]+\/stream$/, id: 'extension: stream of a run' },
];

/**
 * A `fetch` that holds every answer against the specification: JSON bodies by the operation, error bodies by the
 * envelope, and each event of a stream. What is wrong is kept rather than thrown, because a client may swallow errors.
 */
export class ValidatingFetch {
  private readonly schema = new WireSchema();
  private readonly seen = new Set<string>();
  private readonly found: string[] = [];
  private bodies = 0;
  private readonly pending = new Set<Promise<void>>();

  /** The ids of all operations whose successful answers were validated. */
  get seenOperations(): ReadonlySet<string> {
    return this.seen;
  }

  /** Bodies and events validated so far. */
  get validatedBodies(): number {
    return this.bodies;
  }

  operationIds(...prefixes: string[]): string[] {
    return this.schema.operationIds(...prefixes);
  }

  /** Everything that was wrong since the last call, once what is still being read has been. */
  async takeProblems(): Promise<string[]> {
    await Promise.all(this.pending);
    return this.found.splice(0);
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const { pathname, protocol } = new URL(input instanceof Request ? input.url : input);
    // The clients try out with a data URL what the platform can do.
    if (protocol === 'data:') return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    return this.validate(method.toUpperCase(), pathname.replace(/^\/v1/, ''), response);
  };

  private validate(method: string, path: string, response: Response): Response {
    const place = `${method} ${path} ${response.status}`;
    if (!/^req_/.test(response.headers.get('x-request-id') ?? '')) this.note(place, ['no x-request-id']);
    const operation = this.operationOf(method, path);
    if (!operation) {
      this.note(place, ['no operation of the specification']);
      return response;
    }
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) return this.validateStream(place, operation, response);
    if (response.ok && operation.answer === undefined) {
      this.seen.add(operation.id);
      return response;
    }
    if (!type.startsWith('application/json')) this.note(place, [`content-type is '${type}'`]);
    this.keepPending(this.validateJson(place, operation, response.clone()));
    return response;
  }

  private async validateJson(place: string, operation: WireOperation, response: Response): Promise<void> {
    let body: unknown;
    try {
      body = await response.json();
    } catch {
      // The client gave the answer up; one that is no JSON would fail in the client.
      return;
    }
    const schema = response.ok ? operation.answer : this.schema.schemaNamed('ErrorResponse');
    if (response.ok) this.seen.add(operation.id);
    this.bodies += 1;
    if (schema) this.note(place, this.schema.problems(schema, body));
  }

  /** The events pass as they come; they are read on the way. */
  private validateStream(place: string, operation: WireOperation, response: Response): Response {
    const problems: string[] = [];
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: (event) => problems.push(...this.problemsOfEvent(operation, event)) });
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        parser.feed(decoder.decode(chunk, { stream: true }));
        this.note(place, problems.splice(0));
        controller.enqueue(chunk);
      },
    });
    this.seen.add(operation.id);
    return new Response(response.body?.pipeThrough(watch), response);
  }

  private problemsOfEvent(operation: WireOperation, { event = '', data }: EventSourceMessage): string[] {
    if (data === '[DONE]') return [];
    this.bodies += 1;
    const body = JSON.parse(data) as unknown;
    const problems =
      operation.eventSchema === undefined
        ? this.schema.problemsOfEvent(event, body)
        : this.schema.problems(this.schema.schemaNamed(operation.eventSchema), body);
    return problems.map((problem) => `${event}: ${problem}`);
  }

  private operationOf(method: string, path: string): WireOperation | undefined {
    const extension = EXTENSIONS.find((candidate) => candidate.method === method && candidate.path.test(path));
    if (!extension) return this.schema.findOperation(method, path);
    const items = extension.items === undefined ? {} : this.schema.schemaNamed(extension.items);
    const answer = { type: 'object', properties: { data: { type: 'array', items } }, required: ['data', 'has_more'] };
    return { id: extension.id, answer, eventSchema: undefined };
  }

  private keepPending(work: Promise<void>): void {
    const settled = work.finally(() => this.pending.delete(settled));
    this.pending.add(settled);
  }

  private note(place: string, problems: readonly string[]): void {
    this.found.push(...problems.map((problem) => `${place}: ${problem}`));
  }
}
