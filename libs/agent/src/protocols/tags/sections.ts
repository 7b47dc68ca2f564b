import { CodeTracker } from '../../text-streams/code-tracker.js';

export const SECTIONS = ['Analyze', 'Understand', 'Answer'] as const;

export interface Section {
  tag: string;
  body: string;
}

const TAG = new RegExp(`<(/?)(${SECTIONS.join('|')})>`, 'g');

/** The sections of a text in tags, as its stream told them: tags in fences and between backticks mean nothing. */
export function sectionsIn(text: string): Section[] {
  const sections: Section[] = [];
  const place = new CodeTracker();
  let read = 0;
  let open: { tag: string; start: number } | null = null;
  const close = (end: number): void => {
    if (open) sections.push({ tag: open.tag, body: text.slice(open.start, end) });
    open = null;
  };
  for (const { index, 0: whole, 1: slash, 2: tag = '' } of text.matchAll(TAG)) {
    place.push(text.slice(read, index));
    read = index;
    if (place.isCode) continue;
    if (slash === '') {
      close(index);
      open = { tag, start: index + whole.length };
    } else if (tag === (open as { tag: string } | null)?.tag) close(index);
  }
  close(text.length);
  return sections;
}
