import { isPlainObject } from '../../../../common/validation/index.js';
import { WebSearchError, type WebSearchResult } from './web-search.js';

const LONGEST_TITLE = 300;
const LONGEST_CONTENT = 4000;

/** The results in an engine's answer. Those without an http or https address are left out. */
export function readResults(engine: string, answer: unknown, dateField: string): WebSearchResult[] {
  const results = isPlainObject(answer) ? answer['results'] : undefined;
  if (!Array.isArray(results)) throw new WebSearchError(`${engine} sent no list of results.`);
  return results.flatMap((entry: unknown) => {
    if (!isPlainObject(entry)) return [];
    const { title, url, content, [dateField]: date } = entry;
    if (typeof url !== 'string' || !isWebAddress(url)) return [];
    return [
      {
        title: typeof title === 'string' && title !== '' ? title.slice(0, LONGEST_TITLE) : url,
        url,
        content: typeof content === 'string' ? content.slice(0, LONGEST_CONTENT) : '',
        ...(typeof date === 'string' ? { publishedDate: date } : {}),
      },
    ];
  });
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}
