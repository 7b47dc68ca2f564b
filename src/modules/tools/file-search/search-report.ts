import type { SearchResult } from '@libs/agent';
import type { Chunk, DocumentMetadata } from '@libs/retrieval';
import { fileFacts } from '../file-facts.js';
import { NOTHING_FOUND } from './search-prompts.js';

/** A passage with its number, and where in its document it stands. */
export interface ReportedPassage {
  result: SearchResult;
  place: Pick<Chunk, 'page' | 'headings'>;
}

const MOST_FILES = 5;

/** What the model reads of a search. Documents are hostile: nothing in them ends a source or begins another one. */
export function searchReport(
  passages: readonly ReportedPassage[],
  metadata: ReadonlyMap<string, DocumentMetadata | null> = new Map(),
): string {
  if (passages.length === 0) return NOTHING_FOUND;
  return [...passages.map(toSource), ...filesOf(passages, metadata)].join('\n\n');
}

/** How the files are built of which passages were found, each once. */
function filesOf(
  passages: readonly ReportedPassage[],
  metadata: ReadonlyMap<string, DocumentMetadata | null>,
): string[] {
  const names = new Map(passages.map(({ result }) => [result.fileId, result.filename]));
  return [...names].slice(0, MOST_FILES).flatMap(([fileId, name]) => {
    const facts = fileFacts(metadata.get(fileId) ?? null, true);
    return facts === '' ? [] : [`<file name="${attribute(name)}">${facts}</file>`];
  });
}

function toSource({ result, place }: ReportedPassage): string {
  const attributes = [
    `number="${result.number}"`,
    `file="${attribute(result.filename)}"`,
    ...(place.page === null ? [] : [`page="${place.page}"`]),
    ...(place.headings.length === 0 ? [] : [`section="${attribute(place.headings.join(' / '))}"`]),
  ];
  return `<source ${attributes.join(' ')}>\n${result.text.replace(/<(\/?(?:source|file))\b/gi, '‹$1')}\n</source>`;
}

function attribute(text: string): string {
  return text.replace(/["<>]|\p{Cc}/gu, ' ').slice(0, 300);
}
