import type { TestServer } from '../../support/server.js';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export interface ToolAnswer {
  success: boolean;
  answer: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  error: string | null;
}

export interface ToolRequest {
  /** Default: POST with a body, else GET. */
  method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as it is where it is a form, else as JSON. */
  body?: unknown;
}

/** As any program of the third seed asks. @param path below /api/tools */
export async function askTools(
  server: TestServer,
  token: string | null,
  path: string,
  { body, method = body === undefined ? 'GET' : 'POST' }: ToolRequest = {},
): Promise<Answer> {
  const isJson = body !== undefined && !(body instanceof FormData);
  const answer = await fetch(`${server.baseUrl}/api/tools/${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(isJson ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
