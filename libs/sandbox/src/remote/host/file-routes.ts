import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answer, Refusal, type Exchange } from './exchange.js';
import type { HostedSessions } from './hosted-sessions.js';
import type { SandboxSession } from '../../ports/sandbox-provider.js';

/** Of a file that was refused, so much is still read, so that the caller gets to read the refusal. */
const LEFTOVER_BYTES = 256 * 1024 * 1024;
const LEFTOVER_MS = 10_000;

/** Files in and out of the session of a hold. Names are checked where files are opened. */
export class FileRoutes {
  constructor(private readonly sessions: HostedSessions) {}

  async list({ id, response }: Exchange): Promise<void> {
    answer(response, 200, { files: await this.session(id).listFiles() });
  }

  async put({ id, url, request, response }: Exchange): Promise<void> {
    try {
      // A refused file must not close the connection before the refusal is out.
      await this.session(id).putFile(nameIn(url), request.iterator({ destroyOnReturn: false }));
    } catch (error) {
      await readLeftover(request);
      throw error;
    }
    answer(response, 204);
  }

  async open({ id, url, response }: Exchange): Promise<void> {
    const { bytes, stream } = await this.session(id).openFile(nameIn(url));
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
    await pipeline(stream, response);
  }

  private session(id: string): SandboxSession {
    const hold = this.sessions.find(id);
    if (hold === undefined) throw new Refusal(404, 'There is no such hold.');
    return hold.session;
  }
}

function nameIn(url: URL): string {
  const name = url.searchParams.get('name');
  if (name === null) throw new Refusal(400, 'name is missing.');
  return name;
}

async function readLeftover(request: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => request.destroy(), LEFTOVER_MS).unref();
  let bytes = 0;
  try {
    if (request.destroyed || request.readableEnded) return;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LEFTOVER_BYTES) return;
    }
  } catch {
    // The caller has left.
  } finally {
    clearTimeout(timer);
  }
}
