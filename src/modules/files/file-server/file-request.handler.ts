import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { WireError } from '@libs/openai-wire';
import { sendContent } from '../content/send-content.js';
import { WorkspaceFilesService } from '../workspace-files.service.js';
import { parseFilePath } from './file-address.js';
import { FileUrls } from './file-urls.js';

/**
 * Answers the file server's requests: GET and HEAD of signed file URLs. Everything else is the same 404, so that
 * nothing can be found out by asking. 403 is only for a URL that we signed and whose time is over: its holder knew of
 * the file anyway, and learns to ask for a new one.
 */
@Injectable()
export class FileRequestHandler {
  private readonly logger = new Logger('FileServer');

  constructor(
    private readonly urls: FileUrls,
    private readonly workspaceFiles: WorkspaceFilesService,
  ) {}

  /** Never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(request, response);
    } catch (error) {
      const status = error instanceof WireError ? error.status : 500;
      if (status === 500) this.logger.error(`A file could not be given out: ${errorMessage(error)}`);
      const headers = error instanceof WireError ? error.headers : {};
      sendText(response, status, status === 416 ? 'Range not satisfiable\n' : 'Internal error\n', headers);
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const address = isRead ? parseFilePath(path) : undefined;
    if (address === undefined) return sendNotFound(response);
    const verdict = this.urls.verify(address, new URLSearchParams(query));
    if (verdict === 'forged') return sendNotFound(response);
    if (verdict === 'expired') return sendText(response, 403, 'This link has expired.\n');
    const content = await this.workspaceFiles.findSignedContent(address);
    if (content === undefined) return sendNotFound(response);
    await sendContent(request, response, content, { inlineImages: true });
  }
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function sendNotFound(response: ServerResponse): void {
  sendText(response, 404, 'Not found\n');
}

function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}
