import { fetchPublic, type FetchedContent } from '../../common/http/fetch-public.js';
import { isPlainObject } from '../../common/validation/index.js';
import { invalidRequest } from '@libs/openai-wire';

/** Content parts that name something to fetch, in OpenAI's dialect and vLLM's. */
const MEDIA_PARTS = ['image_url', 'audio_url', 'video_url'] as const;
const MOST_MEDIA = 20;
const LIMITS = { maxBytes: 20 * 1024 * 1024, timeoutMs: 20_000 };

type Message = Record<string, unknown>;
type Fetch = (url: string, signal?: AbortSignal) => Promise<FetchedContent>;

const fetchMedia: Fetch = (url, signal) => fetchPublic(url, LIMITS, signal);

/**
 * The messages with what their URLs name put in as data. A model server fetches such URLs itself, from inside the network:
 * they would reach whatever it reaches. Gives the same array where there is no such URL.
 */
export async function inlineMedia(
  messages: Message[],
  signal?: AbortSignal,
  fetch: Fetch = fetchMedia,
): Promise<Message[]> {
  const urls = new Set(messages.flatMap((message) => partsOf(message).map(remoteUrl)).filter((url) => url !== null));
  if (urls.size === 0) return messages;
  if (urls.size > MOST_MEDIA) {
    throw invalidRequest(`Too many URLs in the messages: at most ${MOST_MEDIA} are fetched.`, 'messages');
  }
  const fetched = new Map(
    await Promise.all([...urls].map(async (url) => [url, toDataUrl(await fetch(url, signal))] as const)),
  );
  return messages.map((message) =>
    Array.isArray(message['content'])
      ? { ...message, content: message['content'].map((part: unknown) => withData(part, fetched)) }
      : message,
  );
}

function partsOf({ content }: Message): unknown[] {
  return Array.isArray(content) ? content : [];
}

function mediaKey(part: unknown): (typeof MEDIA_PARTS)[number] | undefined {
  return isPlainObject(part) ? MEDIA_PARTS.find((key) => part[key] !== undefined) : undefined;
}

/** Whether there is a URL that has to be fetched. */
export function namesMedia(messages: Message[]): boolean {
  return messages.some((message) => partsOf(message).some((part) => remoteUrl(part) !== null));
}

/** A bare text in the place of the object is what some servers take, too. */
function remoteUrl(part: unknown): string | null {
  const key = mediaKey(part);
  if (key === undefined || !isPlainObject(part)) return null;
  const media = part[key];
  const url = isPlainObject(media) ? media['url'] : media;
  return typeof url === 'string' && !/^data:/i.test(url.trim()) ? url : null;
}

function withData(part: unknown, fetched: ReadonlyMap<string, string>): unknown {
  const key = mediaKey(part);
  const url = remoteUrl(part);
  if (key === undefined || url === null || !isPlainObject(part)) return part;
  const media = part[key];
  return { ...part, [key]: { ...(isPlainObject(media) ? media : {}), url: fetched.get(url) } };
}

function toDataUrl({ body, mediaType }: FetchedContent): string {
  return `data:${mediaType || 'application/octet-stream'};base64,${body.toString('base64')}`;
}
