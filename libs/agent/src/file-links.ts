import type { Annotation } from './events.js';

export const SANDBOX_LINK_PREFIX = 'sandbox:/mnt/data/';

/** encodeURI throws at one, and file names are hostile. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/gu;

/** The files that links may name: name in the workspace -> file id. Grows while the run goes on. */
export type FileDirectory = ReadonlyMap<string, string>;

export interface AnnotatedText {
  text: string;
  annotations: Annotation[];
}

/**
 * Finds `sandbox:/mnt/data/<name>` links in a text that arrives in pieces. What may still become a link is held
 * back; a finished link comes out whole, with its annotation. Only names of the directory are links.
 */
export class FileLinkStream {
  private held = '';
  private emitted = 0;

  constructor(private readonly files: FileDirectory) {}

  push(fragment: string): AnnotatedText[] {
    this.held += fragment;
    return this.drain(false);
  }

  /** What was held back, at the end of the text. */
  flush(): AnnotatedText[] {
    return this.drain(true);
  }

  private drain(atEnd: boolean): AnnotatedText[] {
    const pieces: AnnotatedText[] = [];
    for (;;) {
      const start = possibleLinkStart(this.held);
      this.emit(pieces, start);
      if (this.held === '') return pieces;
      const candidate = matchLink(this.held, this.files, atEnd);
      if (candidate === 'undecided') return pieces;
      if (candidate === null) this.emit(pieces, 1);
      else this.emit(pieces, candidate.text.length, candidate.fileId);
    }
  }

  private emit(pieces: AnnotatedText[], length: number, fileId?: string): void {
    if (length === 0) return;
    const text = this.held.slice(0, length);
    const annotations: Annotation[] =
      fileId === undefined
        ? []
        : [{ type: 'file_path', text, startIndex: this.emitted, endIndex: this.emitted + length, fileId }];
    this.held = this.held.slice(length);
    this.emitted += length;
    const last = pieces.at(-1);
    if (last && last.annotations.length === 0 && annotations.length === 0) last.text += text;
    else pieces.push({ text, annotations });
  }
}

/** Where the first link begins, or the first tail that may grow into one; the length if there is none. */
function possibleLinkStart(text: string): number {
  const whole = text.indexOf(SANDBOX_LINK_PREFIX);
  if (whole >= 0) return whole;
  for (let length = Math.min(SANDBOX_LINK_PREFIX.length - 1, text.length); length > 0; length -= 1) {
    if (SANDBOX_LINK_PREFIX.startsWith(text.slice(-length))) return text.length - length;
  }
  return text.length;
}

type LinkMatch = { text: string; fileId: string } | 'undecided' | null;

/** The longest file name that the text goes on with; undecided while a longer one may still come. */
function matchLink(text: string, files: FileDirectory, atEnd: boolean): LinkMatch {
  if (text.length < SANDBOX_LINK_PREFIX.length) return atEnd ? null : 'undecided';
  const rest = text.slice(SANDBOX_LINK_PREFIX.length);
  let best: { text: string; fileId: string } | null = null;
  for (const [name, fileId] of files) {
    for (const spelling of spellingsOf(name)) {
      if (!atEnd && spelling.length > rest.length && spelling.startsWith(rest)) return 'undecided';
      const text = SANDBOX_LINK_PREFIX + spelling;
      if (rest.startsWith(spelling) && (best === null || text.length > best.text.length)) best = { text, fileId };
    }
  }
  return best;
}

/** A name as it is, and as Markdown wants it in a link. */
function spellingsOf(name: string): Set<string> {
  return new Set([name, encodeURI(name.replace(UNPAIRED_SURROGATE, '\uFFFD'))]);
}
