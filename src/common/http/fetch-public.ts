import { isIP } from 'node:net';
import { invalidRequest, type WireError } from '@libs/openai-wire';
import { checkedLookup, errorCode, FORBIDDEN_ADDRESS } from '@libs/kernel';
import { Agent, request, type Dispatcher } from 'undici';
import { isPublicAddress } from './public-address.js';

export interface FetchLimits {
  maxBytes: number;
  timeoutMs: number;
}

export interface FetchedContent {
  body: Buffer;
  /** Lower case, without parameters. */
  mediaType: string;
}

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const agent = new Agent({ connect: { lookup: checkedLookup(isPublicAddress), timeout: 5_000 }, maxResponseSize: -1 });

/** Fetches what a user's URL names. Private addresses are never reached, redirects to them included. Throws WireError 400. */
export async function fetchPublic(url: string, limits: FetchLimits, left?: AbortSignal): Promise<FetchedContent> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = left ? AbortSignal.any([timeout, left]) : timeout;
  let target = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const answer = await ask(checked(target, url), url, signal);
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string') {
      return readAnswer(answer, url, limits.maxBytes);
    }
    await answer.body.dump();
    target = URL.canParse(location, target) ? new URL(location, target).href : '';
  }
  throw refused(url, 'it redirects too often');
}

function checked(target: string, url: string): URL {
  const parsed = URL.canParse(target) ? new URL(target) : null;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) throw refused(url, 'it is no http or https URL');
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  // A literal address is connected to without any look-up.
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(url, 'it leads to a private address');
  return parsed;
}

async function ask(target: URL, url: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  try {
    return await request(target.origin + target.pathname + target.search, { dispatcher: agent, signal });
  } catch (error) {
    if (errorCode(error) === FORBIDDEN_ADDRESS) throw refused(url, 'it leads to a private address');
    throw refused(url, signal.aborted ? 'it took too long' : 'its server does not answer');
  }
}

async function readAnswer(answer: Dispatcher.ResponseData, url: string, maxBytes: number): Promise<FetchedContent> {
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    throw refused(url, `its server answered with status ${answer.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      answer.body.destroy();
      throw refused(url, `it is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const mediaType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
  return { body: Buffer.concat(chunks), mediaType: mediaType.trim().toLowerCase() };
}

const LONGEST_SHOWN_URL = 200;

function refused(url: string, reason: string): WireError {
  return invalidRequest(`Could not fetch ${url.slice(0, LONGEST_SHOWN_URL)}: ${reason}.`, null, 'invalid_url');
}
