import OpenAI6, { type ClientOptions } from 'openai';
import 'openai-v4/shims/web';
import OpenAI4 from 'openai-v4';
import OpenAI7 from 'openai-v7';

/** The client as its majors 5 to 7 have it. The suites are written for this one. */
export type Client = OpenAI6;
type Errors =
  | 'APIError'
  | 'APIUserAbortError'
  | 'AuthenticationError'
  | 'BadRequestError'
  | 'InternalServerError'
  | 'NotFoundError'
  | 'PermissionDeniedError';

/** One major of the official client. */
export interface Sdk {
  version: string;
  open(options: ClientOptions): Client;
  /** Its classes of errors, which are other ones than those of the other majors. */
  errors: Record<Errors, new (...parameters: never[]) => Error>;
  /** Whether its streams take a run that ends as incomplete for one that ended. */
  knowsIncompleteStreams: boolean;
}

export const SDK_6: Sdk = {
  version: '6.49.0',
  open: (options) => new OpenAI6(options),
  errors: OpenAI6,
  knowsIncompleteStreams: true,
};

/** The same methods with the same parameters; only the declarations are of another package. */
export const SDK_7: Sdk = {
  version: '7.55.0',
  open: (options) => new OpenAI7(options as ConstructorParameters<typeof OpenAI7>[0]) as unknown as Client,
  errors: OpenAI7,
  knowsIncompleteStreams: true,
};

export const SDK_4: Sdk = {
  version: '4.104.0',
  open: (options) => {
    const client = new OpenAI4(options as ConstructorParameters<typeof OpenAI4>[0]);
    return withModernNames(client) as Client;
  },
  errors: OpenAI4,
  knowsIncompleteStreams: false,
};

/** Methods whose first parameters are all the ids of the path in 4.x, and the last id alone since. */
const NAMES_OF_PATHS = new Set([
  'retrieve',
  'update',
  'delete',
  'cancel',
  'poll',
  'submitToolOutputs',
  'submitToolOutputsAndPoll',
  'submitToolOutputsStream',
]);

/** The client of 4.x under the names and with the parameters of its successors. */
function withModernNames(target: object): object {
  return new Proxy(target, {
    get(resource, name) {
      const value: unknown = Reflect.get(resource, name === 'delete' && 'del' in resource ? 'del' : name, resource);
      if (typeof value === 'function') {
        return (...given: unknown[]): unknown =>
          Reflect.apply(value, resource, needsIds(resource, name) ? withIdsFirst(given) : given);
      }
      return isResource(value) ? withModernNames(value) : value;
    },
  });
}

function needsIds(resource: object, name: string | symbol): boolean {
  const isListOfSteps = resource.constructor.name === 'Steps' && name === 'list';
  return isListOfSteps || (typeof name === 'string' && NAMES_OF_PATHS.has(name));
}

/** `(id, {thread_id, run_id, ...more}, options)` as `(thread_id, run_id, id, more, options)`. */
function withIdsFirst([id, parameters, ...options]: unknown[]): unknown[] {
  if (typeof parameters !== 'object' || parameters === null || !('thread_id' in parameters)) {
    return [id, parameters, ...options];
  }
  const { thread_id, run_id, ...more } = parameters as { thread_id: string; run_id?: string };
  const path = run_id === undefined ? [thread_id] : [thread_id, run_id];
  return [...path, id, ...(Object.keys(more).length > 0 ? [more] : []), ...options];
}

function isResource(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '_client' in value;
}
