import { createParser } from 'eventsource-parser';
import { request } from 'undici';
import type { StreamedEvent } from './run-history.js';

/** A run that takes longer is stuck. */
const PATIENCE_MS = 100_000;

type Method = 'GET' | 'POST' | 'DELETE';

export interface Answer {
  status: number;
  body: { id?: string; status?: string; error?: { message: string; type: string } } & Record<string, unknown>;
}

/** Plain requests of one user: an SDK would repeat some, and takes its time. */
export class Wire {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  async post(path: string, body: unknown = {}): Promise<Answer> {
    return this.send('POST', path, JSON.stringify(body));
  }

  async get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  async delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Throws unless the answer is 200. */
  async create(path: string, body: unknown): Promise<string> {
    const answer = await this.post(path, body);
    if (answer.status !== 200) throw new Error(`${path} was answered with ${JSON.stringify(answer)}`);
    return answer.body.id ?? '';
  }

  /** Every event of a run's stream, up to its end or to the wait for its client. */
  async history(threadId: string, runId: string): Promise<StreamedEvent[]> {
    const path = `/threads/${threadId}/runs/${runId}/stream?starting_after=0`;
    const events: StreamedEvent[] = [];
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (event === undefined || event === 'done') return;
        events.push({ sequence: Number(id), event, data: JSON.parse(data) as StreamedEvent['data'] });
      },
    });
    parser.feed((await this.ask('GET', path)).text);
    return events;
  }

  private async send(method: Method, path: string, body?: string): Promise<Answer> {
    const { status, text } = await this.ask(method, path, body);
    return { status, body: JSON.parse(text) as Answer['body'] };
  }

  /** Past `fetch`, which would take of the processor half of what the server takes. */
  private async ask(method: Method, path: string, body?: string): Promise<{ status: number; text: string }> {
    const answer = await request(`${this.baseUrl}/v1${path}`, {
      method,
      headers: this.headers(),
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  private headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.token}`,
      'content-type': 'application/json',
      'openai-beta': 'assistants=v2',
    };
  }
}
