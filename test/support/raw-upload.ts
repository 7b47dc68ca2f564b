import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';

const BOUNDARY = 'threadmill-test-boundary';

export interface RawAnswer {
  status: number;
  body: unknown;
}

export const FORM_END = `\r\n--${BOUNDARY}--\r\n`;

/** The head of a form's part, as it goes over the wire. */
export function partHead(name: string, filename?: string): string {
  const file = filename === undefined ? '' : `; filename="${filename}"\r\ncontent-type: application/octet-stream`;
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
}

/** A POST /v1/files whose body the test writes itself. */
export function beginUpload(url: string, token: string, contentLength?: number): ClientRequest {
  return httpRequest(`${url}/v1/files`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      ...(contentLength === undefined ? {} : { 'content-length': contentLength }),
    },
  });
}

/** Writes as fast as the server takes it, also after it has answered: Node's request tells no 'drain' any more then. */
export async function writeAll(request: ClientRequest, chunk: Buffer, times: number): Promise<void> {
  for (let written = 0; written < times; written += 1) {
    if (request.write(chunk)) continue;
    if (request.socket === null) await once(request, 'socket');
    if (request.socket?.writableNeedDrain) await once(request.socket, 'drain');
    else await nextTurn();
  }
}

export async function answerOf(request: ClientRequest): Promise<RawAnswer> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await json(response) };
}
