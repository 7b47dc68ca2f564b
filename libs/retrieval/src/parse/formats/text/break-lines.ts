const LONG_LINE = 1000;
const DEEPEST_INDENT = 8;

/** Whether hardly any line ends: nobody can cut or cite such a text. */
export function isMinified(text: string): boolean {
  return text.length > LONG_LINE && text.length / (text.split('\n').length || 1) > LONG_LINE;
}

/** JSON with a line for each value. Only white space is added, so numbers and strings stay as they were written. */
export function breakJson(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const index of marksOf(json)) {
    const mark = json.charAt(index);
    const closes = mark === '}' || mark === ']';
    if (closes) depth = Math.max(0, depth - 1);
    else if (mark !== ',') depth += 1;
    const line = `\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`;
    if (closes) parts.push(json.slice(start, index), line, mark);
    else parts.push(json.slice(start, index + 1), line);
    start = index + 1;
  }
  parts.push(json.slice(start));
  return parts.join('');
}

/** Where brackets and commas are that no string holds. */
function* marksOf(json: string): Generator<number> {
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const mark = json.charAt(index);
    if (inString && mark === '\\') index += 1;
    else if (mark === '"') inString = !inString;
    else if (!inString && '{}[],'.includes(mark)) yield index;
  }
}

/** XML with a line for each tag that follows another. */
export function breakXml(xml: string): string {
  return xml.replaceAll('><', '>\n<');
}
