import type { SearchResult } from '@libs/agent';
import type { DocumentMetadata } from '@libs/retrieval';
import { fileFacts } from '../file-facts.js';
import { NOTHING_FOUND } from './search-prompts.js';

const MOST_FILES = 5;

/** What the model reads of a search. Documents are hostile: nothing in them ends a source or begins another one. */
export function searchReport(
  passages: readonly SearchResult[],
  metadata: ReadonlyMap<string, DocumentMetadata | null> = new Map(),
): string {
  if (passages.length === 0) return NOTHING_FOUND;
  return [...passages.map(toSource), ...filesOf(passages, metadata)].join('\n\n');
}

/** How the files are built of which passages were found, each once. */
function filesOf(passages: readonly SearchResult[], metadata: ReadonlyMap<string, DocumentMetadata | null>): string[] {
  const names = new Map(passages.map(({ fileId, filename }) => [fileId, filename]));
  return [...names].slice(0, MOST_FILES).flatMap(([fileId, name]) => {
    const facts = fileFacts(metadata.get(fileId) ?? null, true);
    return facts === '' ? [] : [`<file name="${attribute(name)}">${facts}</file>`];
  });
}

function toSource({ number, filename, page, headings, text }: SearchResult): string {
  const attributes = [
    `number="${number}"`,
    `file="${attribute(filename)}"`,
    ...(page === null ? [] : [`page="${page}"`]),
    ...(headings.length === 0 ? [] : [`section="${attribute(headings.join(' / '))}"`]),
  ];
  return `<source ${attributes.join(' ')}>\n${text.replace(/<(\/?(?:source|file))\b/gi, '‹$1')}\n</source>`;
}

function attribute(text: string): string {
  return text.replace(/["<>]|\p{Cc}/gu, ' ').slice(0, 300);
}
