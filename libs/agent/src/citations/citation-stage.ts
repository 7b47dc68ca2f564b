import { HoldingStage } from '../text-stages/holding-stage.js';
import type { MarkedText } from '../text-stages/text-stage.js';
import { CodeTracker } from '../text-streams/code-tracker.js';
import type { MarkerBody } from './marker-body.js';
import { containsQuote } from './quotes.js';
import { CLOSER, OPENERS, readMarker, type MarkerReading } from './read-marker.js';
import type { Source, SourceList } from './source-list.js';

type Marker = Extract<MarkerReading, { type: 'marker' }>;

/** Spaces before a marker go with it where it is dropped; more of them are layout. */
const CANDIDATE = new RegExp(`[ \\t]{0,3}[${OPENERS.replace('[', '\\[')}]|[ \\t]{1,3}$`);
/** A space before these would be left over. */
const TAKES_NO_SPACE = /^[\s.,;:!?)\]}]/;
const MOST_DIGITS_OF_MARKER = 99;

/**
 * Finds the markers by which the model cites what it has read, and shows citations in their place. Markers that mean
 * nothing are left out, with the space before them; those of another form are understood where they can be.
 */
export class CitationStage extends HoldingStage {
  private readonly code = new CodeTracker();
  /** The last character that was shown as it was. */
  private previous = '';
  private droppedSpace = '';
  private closingBrackets = 0;
  private nestedBrackets = 0;
  /** Cited since the last word. */
  private cited = new Set<number>();

  constructor(private readonly sources: SourceList) {
    super();
  }

  override flush(): MarkedText[] {
    const pieces = super.flush();
    this.droppedSpace = '';
    return pieces;
  }

  protected *drain(atEnd: boolean): Generator<MarkedText> {
    while (this.held !== '') {
      this.takeClosingBrackets();
      const start = this.candidateStart();
      if (start > 0) yield* this.showPlain(start);
      const space = /^[ \t]*/.exec(this.held)?.[0] ?? '';
      if (space === this.held) {
        if (atEnd) yield* this.showPlain(space.length);
        return;
      }
      const reading = readMarker(this.held.slice(space.length), atEnd);
      if (reading === 'undecided') return;
      if (reading.type === 'text' || !this.isMarker(reading, space)) {
        yield* this.showPlain(space.length + (reading.type === 'text' ? reading.length : 1));
      } else {
        yield* this.showMarker(reading, space);
      }
    }
  }

  private candidateStart(): number {
    const index = this.held.search(CANDIDATE);
    const start = index < 0 ? this.held.length : index;
    if (this.nestedBrackets === 0) return start;
    const closer = this.held.slice(0, start).search(CLOSER);
    return closer < 0 ? start : closer;
  }

  /** Brackets that a marker before left open. */
  private takeClosingBrackets(): void {
    while (this.closingBrackets + this.nestedBrackets > 0 && CLOSER.test(this.held.charAt(0))) {
      this.held = this.held.slice(1);
      if (this.closingBrackets > 0) this.closingBrackets -= 1;
      else this.nestedBrackets -= 1;
    }
  }

  /** Brackets have other uses in code, and single ones elsewhere, too. */
  private isMarker(marker: Marker, space: string): boolean {
    const { body, name, isWeak } = marker;
    const isToken = (body?.places.length ?? 0) > 0;
    if (this.code.isFenced) return isToken && !isWeak;
    if (name !== '') return this.sources.byFilename(name) !== undefined;
    if (!isWeak) return true;
    if (this.sources.isEmpty || this.code.isInSpan || (space === '' && /[\]/]/.test(this.previous))) return false;
    const numbers = body?.numbers ?? [];
    return this.resolve(marker).length > 0 || numbers.every((number) => number > 0 && number <= MOST_DIGITS_OF_MARKER);
  }

  private *showPlain(length: number): Generator<MarkedText> {
    if (length === 0) return;
    const plain = this.held.slice(0, length);
    this.held = this.held.slice(length);
    const space = TAKES_NO_SPACE.test(plain) ? '' : this.droppedSpace;
    this.droppedSpace = '';
    this.closingBrackets = 0;
    if (plain.includes('\n')) this.nestedBrackets = 0;
    if (plain.trim() !== '') this.cited.clear();
    this.code.push(space + plain);
    this.previous = plain.slice(-1);
    yield { text: space + plain };
  }

  private *showMarker(marker: Marker, space: string): Generator<MarkedText> {
    this.held = this.held.slice(space.length + marker.length);
    this.closingBrackets += marker.closing;
    this.nestedBrackets += marker.nested;
    const quote = marker.body?.quote ?? '';
    const fresh = this.resolve(marker).filter(({ number }) => !this.cited.has(number));
    if (fresh.length === 0) {
      this.droppedSpace ||= space;
      return;
    }
    const before = this.droppedSpace || space;
    this.droppedSpace = '';
    if (before !== '') yield { text: before };
    for (const source of fresh) {
      this.cited.add(source.number);
      const checked = containsQuote(source.text, quote) ? quote : '';
      yield { text: source.token, mark: { type: 'file_citation', fileId: source.fileId, quote: checked } };
    }
    this.previous = '';
  }

  /** Each source once. Words that stand in another source than the one that is cited mean that one. */
  private resolve({ body, name }: Marker): Source[] {
    const named = name === '' ? undefined : this.sources.byFilename(name);
    if (!body) return named ? [named] : [];
    const found = new Set(this.lookUp(body));
    const { quote } = body;
    const isQuoted = quote === '' || [...found].some(({ text }) => containsQuote(text, quote));
    const meant = isQuoted ? undefined : this.sources.containing(quote);
    return meant ? [meant] : [...found];
  }

  private lookUp({ numbers, places }: MarkerBody): Source[] {
    return [
      ...numbers.map((number) => this.sources.byNumber(number)),
      ...places.map((place) => this.sources.byPlace(place)),
    ].flatMap((source) => source ?? []);
  }
}
