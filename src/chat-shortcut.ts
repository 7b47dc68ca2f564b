import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { bearWireHeaders, failRequest, readWholeBody } from './common/http/index.js';
import type { Principal } from './common/principal.js';
import type { KnownCallers } from './modules/auth/index.js';
import type { ChatService } from './modules/chat/index.js';
import { rateLimitHeaders, type RequestLimits } from './modules/rate-limit/index.js';

const PATH = '/v1/chat/completions';
const SCOPE = 'chat:write';
const JSON_TYPE = /^application\/json(?: *; *charset=utf-8)?$/i;
const OPENING_BRACE = 0x7b;

export interface ChatShortcutParts {
  callers: Pick<KnownCallers, 'find'>;
  limits: Pick<RequestLimits, 'count'>;
  chat: Pick<ChatService, 'passThrough' | 'forward'>;
  /** Bytes; a longer body is for the framework to refuse. */
  longestBody: number;
}

type Forward = NonNullable<ReturnType<ChatService['passThrough']>>;

/**
 * Passes the common chat completion on without the framework, which costs twice as much as all the rest (ADR 0013).
 * It answers nothing by itself: whatever is not the good case (a caller who is not known, a body that is not plain, a
 * failure) goes to the framework, which finds the request as if nobody had touched it, or with the error to tell.
 */
export class ChatShortcut {
  constructor(
    private readonly parts: ChatShortcutParts,
    private readonly framework: RequestListener,
  ) {}

  readonly listen: RequestListener = (request, response) => {
    const length = plainLength(request);
    if (length === 0 || length > this.parts.longestBody) return this.framework(request, response);
    const principal = this.parts.callers.find(request.headers);
    if (!principal?.scopes.has(SCOPE)) return this.framework(request, response);
    readWholeBody(request, length, ({ bytes, giveBack }) => {
      const forward = this.passThrough(bytes);
      if (forward) {
        void this.passOn(request, response, principal, forward, bytes);
        return;
      }
      giveBack();
      this.framework(request, response);
    });
  };

  /** What is wrong with a body is for the framework to tell. */
  private passThrough(body: Buffer): Forward | undefined {
    if (body[0] !== OPENING_BRACE) return undefined;
    try {
      return this.parts.chat.passThrough(JSON.parse(body.toString('utf8')));
    } catch {
      return undefined;
    }
  }

  private async passOn(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    forward: Forward,
    body: Buffer,
  ): Promise<void> {
    request.resume();
    bearWireHeaders(request, response);
    try {
      const counting = this.parts.limits.count(request, principal.projectId);
      const count = counting && (await counting);
      // The guard refuses it: it finds it counted.
      if (count?.refused) return this.framework(request, response);
      if (count?.state) setHeaders(response, rateLimitHeaders(count.state));
      await this.parts.chat.forward(forward, body, response);
    } catch (error) {
      failRequest(request, error);
      this.framework(request, response);
    }
  }
}

/** 0 for a request that is not a chat completion, or whose body takes more than to be read as it comes. */
function plainLength({ method, url, headers }: IncomingMessage): number {
  if (url !== PATH || method !== 'POST' || headers['content-encoding'] !== undefined) return 0;
  const type = headers['content-type'];
  if (type !== undefined && !JSON_TYPE.test(type)) return 0;
  return Number(headers['content-length'] ?? 0);
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
