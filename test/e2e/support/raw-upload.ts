import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { TestServer } from '../../support/server.js';

const BOUNDARY = 'the-boundary-of-the-test';
const CHUNK = Buffer.alloc(1024 * 1024, 'threadmill ');

export interface RawUpload {
  filename: string;
  /** Bytes of content, made while they are sent. */
  bytes: number;
  /** Sends `content-length`; else the request is chunked and nobody knows its length. */
  declaresLength: boolean;
  /** Breaks off the connection after so many bytes of content. */
  breakOffAfter?: number;
}

export interface RawAnswer {
  status: number;
  requestId: string | undefined;
  body: unknown;
}

/** A multipart upload that is never whole in memory. Rejects where the connection ends without an answer. */
export async function uploadRaw(server: TestServer, token: string, upload: RawUpload): Promise<RawAnswer> {
  const head =
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n` +
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${upload.filename}"\r\n` +
    'content-type: application/octet-stream\r\n\r\n';
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const sending = request(`${server.baseUrl}/v1/files`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      ...(upload.declaresLength
        ? { 'content-length': Buffer.byteLength(head) + upload.bytes + Buffer.byteLength(tail) }
        : { 'transfer-encoding': 'chunked' }),
    },
  });
  const answer = answerOf(sending);
  // Node's client stops sending once it has an early answer; what fails after that is no news.
  sending.on('error', () => undefined);
  sending.write(head);
  await Promise.race([sendContent(sending, upload).then(() => sending.end(tail)), answer]);
  const answered = await answer;
  sending.destroy();
  return answered;
}

async function sendContent(sending: ClientRequest, { bytes, breakOffAfter }: RawUpload): Promise<void> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) {
    if (sending.destroyed) return;
    if (breakOffAfter !== undefined && sent >= breakOffAfter) {
      sending.destroy();
      return;
    }
    const isTaken = sending.write(CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent)));
    if (!isTaken) await drained(sending);
  }
}

function drained(sending: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      sending.off('drain', finish).off('close', finish);
      resolve();
    };
    sending.once('drain', finish).once('close', finish);
  });
}

async function answerOf(sending: ClientRequest): Promise<RawAnswer> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  const requestId = response.headers['x-request-id'];
  return {
    status: response.statusCode ?? 0,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    body: JSON.parse(text) as unknown,
  };
}
