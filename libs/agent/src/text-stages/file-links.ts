import { HoldingStage } from './holding-stage.js';
import type { MarkedText } from './text-stage.js';

export const SANDBOX_LINK_PREFIX = 'sandbox:/mnt/data/';

/** encodeURI throws at one, and file names are hostile. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/gu;

/** The files that links may name: name in the workspace -> file id. Grows while the run goes on. */
export type FileDirectory = ReadonlyMap<string, string>;

/** Finds `sandbox:/mnt/data/<name>` links. Only names of the directory are links. */
export class FileLinkStage extends HoldingStage {
  constructor(private readonly files: FileDirectory) {
    super();
  }

  protected drain(atEnd: boolean): MarkedText[] {
    const pieces: MarkedText[] = [];
    for (;;) {
      this.take(pieces, possibleLinkStart(this.held));
      if (this.held === '') return pieces;
      const candidate = matchLink(this.held, this.files, atEnd);
      if (candidate === 'undecided') return pieces;
      if (candidate === null) this.take(pieces, 1);
      else this.take(pieces, candidate.text.length, candidate.fileId);
    }
  }

  private take(pieces: MarkedText[], length: number, fileId?: string): void {
    if (length === 0) return;
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    pieces.push(fileId === undefined ? { text } : { text, mark: { type: 'file_path', fileId } });
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
