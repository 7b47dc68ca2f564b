import type { SearchResult } from '@libs/agent';
import type { Chunk } from '@libs/retrieval';
import { NOTHING_FOUND } from './search-prompts.js';

/** A passage with its number, and where in its document it stands. */
export interface ReportedPassage {
  result: SearchResult;
  place: Pick<Chunk, 'page' | 'headings'>;
}

/** What the model reads of a search. Documents are hostile: nothing in them ends a source or begins another one. */
export function searchReport(passages: readonly ReportedPassage[]): string {
  if (passages.length === 0) return NOTHING_FOUND;
  return passages.map(toSource).join('\n\n');
}

function toSource({ result, place }: ReportedPassage): string {
  const attributes = [
    `number="${result.number}"`,
    `file="${attribute(result.filename)}"`,
    ...(place.page === null ? [] : [`page="${place.page}"`]),
    ...(place.headings.length === 0 ? [] : [`section="${attribute(place.headings.join(' / '))}"`]),
  ];
  return `<source ${attributes.join(' ')}>\n${result.text.replace(/<(\/?source)\b/gi, '‹$1')}\n</source>`;
}

function attribute(text: string): string {
  return text.replace(/["<>]|\p{Cc}/gu, ' ').slice(0, 300);
}
