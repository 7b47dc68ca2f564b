/** A block that goes on until a line closes it. */
export interface OpenBlock {
  /** What the closing line begins with. */
  fence: string;
}

export type MarkdownLine = { open: OpenBlock | null } & (
  | { type: 'heading'; level: number; title: string }
  | { type: 'underline'; level: number }
  | { type: 'code' | 'table' | 'text' }
);

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const TABLE_ROW = /^ {0,3}\|.*\|[ \t]*$/;
const FRONT_MATTER = '---';
/** A longer line is none of these, and patterns take long on it. */
const LONGEST_MARK = 1000;

/** What a line is, given the block that it is in. */
export function readLine(raw: string, open: OpenBlock | null, { isFirst }: { isFirst: boolean }): MarkdownLine {
  const line = raw.slice(0, LONGEST_MARK).replace(/\n$/, '');
  if (open !== null) return { type: 'code', open: closes(line, open) ? null : open };
  const [, fence] = FENCE.exec(line) ?? [];
  if (fence !== undefined) return { type: 'code', open: { fence } };
  if (isFirst && line === FRONT_MATTER) return { type: 'code', open: { fence: FRONT_MATTER } };
  return { ...readFreeLine(line), open: null };
}

function readFreeLine(
  line: string,
):
  | { type: 'heading'; level: number; title: string }
  | { type: 'underline'; level: number }
  | { type: 'table' | 'text' } {
  const [, marks, title = ''] = HEADING.exec(line) ?? [];
  if (marks !== undefined) return { type: 'heading', level: marks.length, title };
  const [, underline] = UNDERLINE.exec(line) ?? [];
  if (underline !== undefined) return { type: 'underline', level: underline.startsWith('=') ? 1 : 2 };
  return { type: TABLE_ROW.test(line) ? 'table' : 'text' };
}

function closes(line: string, { fence }: OpenBlock): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith(fence) && trimmed.replaceAll(fence.charAt(0), '') === '';
}
