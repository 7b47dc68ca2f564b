import { partialMatchLength } from '../text-streams/partial-match.js';

/** What model families put around what they think, where their server leaves it in the text. */
const MARKERS: readonly (readonly [opener: string, closer: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|channel|>analysis<|message|>', '<|end|>'],
];

export interface ReasoningPiece {
  type: 'reasoning' | 'text';
  text: string;
}

/**
 * Tells what a model thinks from what it says. Only thoughts at the beginning of a turn count: later on the markers are
 * something that the text speaks of. Thoughts that are never closed are thoughts to the end.
 */
export class ReasoningStream {
  private held = '';
  private place: 'beginning' | 'thoughts' | 'text' = 'beginning';
  private closer = '';
  private hasThought = false;

  push(fragment: string): ReasoningPiece[] {
    this.held += fragment;
    const pieces: ReasoningPiece[] = [];
    while (this.step(pieces));
    return pieces;
  }

  end(): ReasoningPiece[] {
    const rest = this.take(this.held.length);
    if (rest === '' || (this.place === 'beginning' && this.hasThought)) return [];
    return [{ type: this.place === 'thoughts' ? 'reasoning' : 'text', text: rest }];
  }

  /** Whether there may be more to do with what is held. */
  private step(pieces: ReasoningPiece[]): boolean {
    switch (this.place) {
      case 'beginning':
        return this.seekThoughts();
      case 'thoughts':
        return this.think(pieces);
      case 'text':
        if (this.held !== '') pieces.push({ type: 'text', text: this.take(this.held.length) });
        return false;
    }
  }

  private seekThoughts(): boolean {
    const begun = this.held.trimStart();
    const marker = MARKERS.find(([opener]) => begun.startsWith(opener));
    if (marker) {
      this.held = begun.slice(marker[0].length);
      this.closer = marker[1];
      this.place = 'thoughts';
      return true;
    }
    if (MARKERS.some(([opener]) => opener.startsWith(begun))) return false;
    // The line feeds between thoughts and answer belong to neither.
    if (this.hasThought) this.held = begun;
    this.place = 'text';
    return true;
  }

  private think(pieces: ReasoningPiece[]): boolean {
    const end = this.held.indexOf(this.closer);
    const length = end < 0 ? this.held.length - partialMatchLength(this.held, [this.closer]) : end;
    const text = this.take(length);
    if (text !== '') pieces.push({ type: 'reasoning', text });
    if (end < 0) return false;
    this.take(this.closer.length);
    this.hasThought = true;
    this.place = 'beginning';
    return true;
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }
}
