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
  // Gemma 4
  ['<|channel>thought', '<channel|>'],
  // Apertus
  ['<|inner_prefix|>', '<|inner_suffix|>'],
];

/** What gpt-oss puts before what it says, and between that and its thoughts: neither of them. */
const HEADERS = ['<|start|>assistant', '<|channel|>final<|message|>'];

export interface ReasoningPiece {
  type: 'reasoning' | 'text';
  text: string;
}

/** What closes thoughts whose opening a chat template put into the prompt (DeepSeek-R1, QwQ, Qwen3-Thinking). */
const ORPHAN = '</think>';
/**
 * How turns of a model begin. `marker`: thoughts begin by a marker, all else is text. `perhaps-thoughts`: the model was seen
 * to end thoughts that it had not begun, so that all is held back until that end, and is text where it does not come.
 * `thoughts`: its template opens thoughts, so that all up to their end is thought, also where it does not come.
 */
export type Beginning = 'marker' | 'perhaps-thoughts' | 'thoughts';
type Place = 'beginning' | 'unseen' | 'thoughts' | 'text';

const PLACE_WITHOUT_MARKER: Record<Beginning, Place> = {
  marker: 'text',
  'perhaps-thoughts': 'unseen',
  thoughts: 'thoughts',
};

/** Characters of the line under way that are remembered: enough to tell whether it has begun. */
const LONGEST_LINE = 64;

/**
 * Tells what a model thinks from what it says. Only thoughts at the beginning of a turn count: later on the markers are
 * something that the text speaks of. Thoughts that are never closed are thoughts to the end.
 *
 * Thoughts may also end without having begun, the end on a line of its own. By then they have been told as text, unless it
 * is known how turns begin.
 */
export class ReasoningStream {
  private held = '';
  private place: Place = 'beginning';
  private closer = '';
  private hasThought = false;
  private line = '';
  /** Whether thoughts ended that had not been seen to begin. */
  closedUnseen = false;

  constructor(private readonly begins: Beginning = 'marker') {}

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
      case 'unseen':
        return this.seekUnseenEnd(pieces);
      case 'text':
        return this.speak(pieces);
    }
  }

  /** Holds all back until thoughts end. */
  private seekUnseenEnd(pieces: ReasoningPiece[]): boolean {
    const end = this.held.indexOf(ORPHAN);
    if (end < 0) return false;
    pieces.push({ type: 'reasoning', text: this.take(end) });
    this.closeUnseen();
    return true;
  }

  private speak(pieces: ReasoningPiece[]): boolean {
    const end = this.hasThought ? -1 : this.held.indexOf(ORPHAN);
    if (end < 0) {
      const kept = this.hasThought ? 0 : partialMatchLength(this.held, [ORPHAN]);
      this.say(this.held.length - kept, pieces);
      return false;
    }
    this.say(end, pieces);
    if (this.line.trim() === '') this.closeUnseen();
    else this.say(ORPHAN.length, pieces);
    return true;
  }

  private closeUnseen(): void {
    this.take(ORPHAN.length);
    this.closedUnseen = true;
    this.hasThought = true;
    this.place = 'beginning';
  }

  private say(length: number, pieces: ReasoningPiece[]): void {
    const text = this.take(length);
    if (text === '') return;
    this.line = (this.line + text).split('\n').at(-1)?.slice(-LONGEST_LINE) ?? '';
    pieces.push({ type: 'text', text });
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
    const header = HEADERS.find((candidate) => begun.startsWith(candidate));
    if (header !== undefined) {
      this.held = begun.slice(header.length);
      return true;
    }
    if ([...MARKERS.map(([opener]) => opener), ...HEADERS].some((opener) => opener.startsWith(begun))) return false;
    // The line feeds between thoughts and answer belong to neither.
    if (this.hasThought) this.held = begun;
    this.place = this.hasThought ? 'text' : PLACE_WITHOUT_MARKER[this.begins];
    this.closer = ORPHAN;
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
