import type { Annotation } from '../events.js';
import { countCharacters } from './count-characters.js';
import type { AnnotatedText, MarkedText, TextStage } from './text-stage.js';

/**
 * The text of one part of a message, put through stages one after the other. What an earlier stage has marked is out of
 * the later ones' sight. Only here is it known where in the shown text a mark stands.
 */
export class AnnotatedTextStream {
  private shown = 0;

  constructor(private readonly stages: readonly TextStage[]) {}

  push(fragment: string): AnnotatedText[] {
    return this.annotate(this.through(0, [{ text: fragment }], false));
  }

  /** What was held back, at the end of the text. */
  flush(): AnnotatedText[] {
    return this.annotate(this.through(0, [], true));
  }

  private through(at: number, pieces: readonly MarkedText[], atEnd: boolean): MarkedText[] {
    const stage = this.stages[at];
    if (!stage) return [...pieces];
    const found = pieces.flatMap((piece) => (piece.mark ? [...stage.flush(), piece] : stage.push(piece.text)));
    return this.through(at + 1, atEnd ? [...found, ...stage.flush()] : found, atEnd);
  }

  private annotate(pieces: readonly MarkedText[]): AnnotatedText[] {
    const annotated: AnnotatedText[] = [];
    for (const { text, mark } of pieces) {
      const startIndex = this.shown;
      this.shown += countCharacters(text);
      const annotations: Annotation[] = mark ? [{ text, startIndex, endIndex: this.shown, ...mark }] : [];
      const last = annotated.at(-1);
      if (last && last.annotations.length === 0 && !mark) last.text += text;
      else annotated.push({ text, annotations });
    }
    return annotated;
  }
}
