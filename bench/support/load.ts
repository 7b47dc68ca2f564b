import { Pool, type Dispatcher } from 'undici';

/** Longer than any answer takes here: what is slower has failed. */
const TIMEOUT_MS = 20_000;

export interface LoadRequest {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Bytes that the answer's body must have. */
  expectedBytes: number;
}

/** Times of one good answer, in milliseconds since the request was sent. */
export interface Timing {
  firstByte: number;
  total: number;
}

export interface LoadResult {
  timings: Timing[];
  /** What went wrong, one entry for each request that failed. */
  failures: string[];
  /** Milliseconds from the first request to the last answer. */
  duration: number;
}

/** Sends `count` requests to the origin, `concurrency` at a time, each on a connection that is kept. */
export class LoadGenerator {
  private readonly pool: Pool;

  constructor(
    origin: string,
    private readonly concurrency: number,
  ) {
    const limits = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    this.pool = new Pool(origin, { connections: concurrency, pipelining: 1, ...limits });
  }

  async run(request: LoadRequest, count: number): Promise<LoadResult> {
    const timings: Timing[] = [];
    const failures: string[] = [];
    let left = count;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        try {
          timings.push(await exchange(this.pool, request));
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
        }
      }
    };
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: Math.min(this.concurrency, count) }, work));
    return { timings, failures, duration: performance.now() - startedAt };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

/** undici's dispatch, the cheapest client there is in Node: the machine's processors are shared with what is measured. */
function exchange(pool: Pool, { path, headers, body, expectedBytes }: LoadRequest): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const sentAt = performance.now();
    let firstByte = NaN;
    let status = 0;
    let bytes = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(_controller, chunk) {
        if (bytes === 0) firstByte = performance.now() - sentAt;
        bytes += chunk.length;
      },
      onResponseEnd() {
        if (status !== 200) reject(new Error(`status ${status}`));
        else if (bytes !== expectedBytes) reject(new Error(`${bytes} bytes instead of ${expectedBytes}`));
        else resolve({ firstByte, total: performance.now() - sentAt });
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    };
    pool.dispatch({ path, method: 'POST', headers, body }, handler);
  });
}
