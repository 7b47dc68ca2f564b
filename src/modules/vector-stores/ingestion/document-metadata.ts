import type { DocumentMetadata } from '@libs/retrieval';
import { toStorable } from '../../../common/storable-text.js';

/** Characters of JSON that are kept of a document's metadata: agents read them, and every list of files carries them. */
const MOST_CHARACTERS = 16_384;

/** What of a document's metadata is kept: properties in their order, as many as there is room for. */
export function toKeptMetadata(metadata: DocumentMetadata): DocumentMetadata {
  const kept: DocumentMetadata = {};
  let room = MOST_CHARACTERS;
  for (const [key, value] of Object.entries(toStorable(metadata))) {
    const size = key === '__proto__' ? Infinity : JSON.stringify({ [key]: value }).length;
    if (size > room) continue;
    kept[key] = value;
    room -= size;
  }
  return kept;
}
