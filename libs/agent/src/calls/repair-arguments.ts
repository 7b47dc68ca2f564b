import type { Tool } from '../tool.js';
import { isObject, parseStrictly, repairJson } from '../written-calls/parse-leniently.js';

/**
 * The arguments of a call as JSON of an object, where they are that or can be made it: what is broken is repaired, JSON in
 * a string is taken out of it, and code that is not wrapped in JSON at all is wrapped. Null where nothing helps.
 */
export function repairArguments(written: string, tool: Pick<Tool, 'shownArgument'>): string | null {
  const text = written.trim();
  if (text === '') return '{}';
  const strict = parseStrictly(text);
  if (isObject(strict)) return written;
  if (typeof strict === 'string' && isObject(parseStrictly(strict))) return strict;
  if (tool.shownArgument !== undefined && !/^[{["]/.test(text)) {
    return JSON.stringify({ [tool.shownArgument]: written });
  }
  const repaired = text.startsWith('{') ? repairJson(text) : null;
  return repaired !== null && isObject(parseStrictly(repaired)) ? repaired : null;
}
