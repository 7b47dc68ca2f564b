import { isPlainObject } from '../../../common/validation/index.js';

const MEDIA_KEYS = new Set(['image_url', 'audio_url', 'video_url']);
/** Deeper than any request of these routes; what lies below cannot be one that a server understands. */
const DEEPEST = 16;

/**
 * Whether a URL that a model server would fetch stands anywhere in the body. Multimodal embeddings and reranking take
 * them, and the server's network is not the client's to look at.
 */
export function namesRemoteMedia(value: unknown, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.some((part) => namesRemoteMedia(part, depth + 1));
  if (!isPlainObject(value)) return false;
  return Object.entries(value).some(([key, part]) =>
    MEDIA_KEYS.has(key) ? isRemote(part) : namesRemoteMedia(part, depth + 1),
  );
}

function isRemote(media: unknown): boolean {
  const url = isPlainObject(media) ? media['url'] : media;
  return typeof url === 'string' && !/^data:/i.test(url.trim());
}
