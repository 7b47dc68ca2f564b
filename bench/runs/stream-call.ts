import { Pool, type Dispatcher } from 'undici';

/** Longer than any answer takes here: what is slower has failed. */
const TIMEOUT_MS = 30_000;

export interface StreamCall {
  path: string;
  token: string;
  body: unknown;
}

export interface StreamTiming {
  /** Milliseconds to the end of the answer. */
  total: number;
  /** For each moment that the model wrote into its tokens, the milliseconds until it was here. */
  delays: number[];
}

const MOMENT = /\d{13}\.\d{3}/g;
const MOMENT_LENGTH = 17;
const PLAIN = { 'content-type': 'application/json', 'openai-beta': 'assistants=v2' };

/** Asks one origin for event streams, on connections that are kept. */
export class StreamCaller {
  private readonly pool: Pool;

  constructor(origin: string, connections: number) {
    const limits = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    this.pool = new Pool(origin, { connections, pipelining: 1, ...limits });
  }

  /** @param isWhole whether this is what a good answer ends with. Rejects for any other. */
  call({ path, token, body }: StreamCall, isWhole: (text: string) => boolean): Promise<StreamTiming> {
    return new Promise((resolve, reject) => {
      const sentAt = performance.now();
      let status = 0;
      let text = '';
      const delays: number[] = [];
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          const now = performance.timeOrigin + performance.now();
          // Pieces may end in the middle of one.
          const from = Math.max(0, text.length - MOMENT_LENGTH);
          text += chunk.toString('utf8');
          // Whole messages repeat what their deltas said: each moment counts once, when it is first seen.
          for (const [moment] of text.slice(from).matchAll(MOMENT)) if (!seen.has(moment)) note(moment, now);
        },
        onResponseEnd() {
          if (status === 200 && isWhole(text)) resolve({ total: performance.now() - sentAt, delays });
          else reject(new Error(`status ${status}: ${text.slice(-300)}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      };
      const seen = new Set<string>();
      const note = (moment: string, now: number): void => {
        seen.add(moment);
        delays.push(now - Number(moment));
      };
      const headers = { ...PLAIN, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
      this.pool.dispatch({ path, method: 'POST', headers, body: JSON.stringify(body) }, handler);
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
