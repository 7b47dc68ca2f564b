import type { TestServer } from '../../support/server.js';

export interface WireCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below /v1. */
  path: string;
  body?: unknown;
}

export interface WireAnswer {
  status: number;
  body: unknown;
  headers: Headers;
}

export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null };
}

/** One request as any program would send it; a text is sent as it is. */
export async function callWire(
  server: TestServer,
  token: string,
  { method, path, body }: WireCall,
  headers: Record<string, string> = {},
): Promise<WireAnswer> {
  const answer = await fetch(`${server.baseUrl}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'openai-beta': 'assistants=v2',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('application/json') ?? false;
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
}

/** Fails unless the answer is the wire's envelope with all four keys, and has a request id. */
export function expectEnvelope(answer: WireAnswer, status: number): ErrorBody['error'] {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: expect.objectContaining({ error: expect.any(Object) as unknown }),
  });
  const { error } = answer.body as ErrorBody;
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
  for (const text of [error.message, error.type]) expect(text).toMatch(/./);
  for (const name of [error.param, error.code]) expect(name ?? 'none').toMatch(/./);
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  return error;
}
