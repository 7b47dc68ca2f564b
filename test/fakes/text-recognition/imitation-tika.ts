import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server.js';

export interface TikaRequestRecord {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What it answers to one file. */
export type TikaAnswer =
  /** Of a PDF: what is on each page. */
  | { pages: string[] }
  /** Of an image. */
  | { image: string }
  | { status: number; body?: string }
  /** The head, and then nothing more. */
  | { silent: true }
  | { raw: Iterable<string> };

const HEAD = `<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta name="X-TIKA:Parsed-By" content="org.apache.tika.parser.DefaultParser" />
<title>Scan of the office</title>
</head>
<body>`;

/** `PUT /tika` of Apache Tika's server, with Tesseract beside it, as its documentation describes it. It cannot read. */
export class ImitationTika extends LoopbackServer {
  answer: TikaAnswer = { pages: [] };
  readonly requests: TikaRequestRecord[] = [];

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = request;
    this.requests.push({ method, path, headers, body: Buffer.concat(parts) });
    if (path !== '/tika') return void response.writeHead(404).end();
    if (method === 'GET') return void response.end('This is Tika Server (Apache Tika 3.2.3). Please PUT\n');
    if (method !== 'PUT') return void response.writeHead(405).end();
    this.#recognise(this.answer, headers, response);
  }

  #recognise(answer: TikaAnswer, { accept = '' }: IncomingHttpHeaders, response: ServerResponse): void {
    if ('status' in answer) return void response.writeHead(answer.status).end(answer.body ?? '');
    const type = accept === 'text/html' ? 'text/html' : 'text/plain';
    response.writeHead(200, { 'content-type': `${type};charset=UTF-8` });
    if ('silent' in answer) return void response.write(HEAD);
    if ('raw' in answer) {
      for (const part of answer.raw) response.write(part);
      return void response.end();
    }
    if (type === 'text/plain') return void response.end('pages' in answer ? answer.pages.join('\n\n') : answer.image);
    response.end(`${HEAD}${'pages' in answer ? answer.pages.map(page).join('\n') : ocr(answer.image)}</body></html>`);
  }
}

function page(text: string): string {
  return `<div class="page"><p />\n${ocr(text)}</div>`;
}

function ocr(text: string): string {
  return `<div class="ocr">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}\n\n</div>\n`;
}
