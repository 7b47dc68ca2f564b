import { newId } from '@libs/kernel';
import type { ChatDelta, FinishReason } from '@libs/llm';
import type { TextReader } from '../../model-layers/text-layer.js';
import { CodeTracker } from '../../text-streams/code-tracker.js';
import { partialMatchLength } from '../../text-streams/partial-match.js';
import { CodeBlock } from './code-block.js';
import { SECTIONS } from './sections.js';

const TAGS = [...SECTIONS.flatMap((name) => [`<${name}>`, `</${name}>`]), '<Code>', '<Execute>'];
const TAG = new RegExp(TAGS.join('|'), 'g');

/**
 * Reads a turn of DeepAnalyze's protocol: its sections are text with their tags, each `<Code>` block is a call of the
 * interpreter. Tags in fences and between backticks mean nothing. The turn ends with `</Answer>`, or where the model begins
 * to make up an `<Execute>`.
 */
export class TagStream implements TextReader {
  /** Whether the turn held a section, code, an answer. */
  hasSection = false;
  hasCode = false;
  hasAnswer = false;
  /** What was said, without code. */
  said = '';
  private held = '';
  private code: CodeBlock | null = null;
  private section: string | null = null;
  private isOver = false;
  private calls = 0;
  private readonly place = new CodeTracker();

  push(text: string): ChatDelta[] {
    if (this.isOver) return [];
    this.held += text;
    return [...this.drain()];
  }

  /** Tags that a server's stop took away, or the model forgot, are put back; not where the turn was cut. */
  end(reason: FinishReason): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    const isCut = reason === 'length' || reason === 'content_filter';
    if (this.code) {
      deltas.push(...this.grow(this.code.end()), ...(isCut ? [] : this.closeCode()));
    } else if (!this.isOver) {
      deltas.push(...this.show(this.held));
      if (this.section !== null && !isCut) deltas.push(...this.show(`</${this.section}>`));
    }
    this.held = '';
    return deltas;
  }

  private *drain(): Generator<ChatDelta> {
    while (!this.isOver && this.held !== '') {
      if (this.code) {
        const { code, rest } = this.code.push(this.held);
        this.held = rest ?? '';
        yield* this.grow(code);
        if (rest === null) return;
        yield* this.closeCode();
      } else {
        const tag = this.nextTag();
        if (!tag) {
          yield* this.show(this.take(this.held.length - partialMatchLength(this.held, TAGS)));
          return;
        }
        yield* this.show(this.take(tag.index));
        yield* this.enter(this.take(tag[0].length));
      }
    }
  }

  private nextTag(): RegExpExecArray | null {
    TAG.lastIndex = 0;
    for (let tag = TAG.exec(this.held); tag; tag = TAG.exec(this.held)) {
      const tracker = this.place.copy();
      tracker.push(this.held.slice(0, tag.index));
      if (!tracker.isCode) return tag;
    }
    return null;
  }

  private *enter(tag: string): Generator<ChatDelta> {
    if (tag === '<Code>') {
      this.hasCode = true;
      this.code = new CodeBlock();
      yield { type: 'tool-call-start', index: this.calls, id: newId('toolCall'), name: 'code_interpreter' };
      yield { type: 'tool-call-arguments', index: this.calls, fragment: '{"code":"' };
      return;
    }
    if (tag === '<Execute>') {
      this.isOver = true;
      return;
    }
    yield* this.show(tag);
    const name = tag.replace(/[</>]/g, '');
    this.hasSection = true;
    this.hasAnswer ||= name === 'Answer';
    if (!tag.startsWith('</')) this.section = name;
    else if (this.section === name) {
      this.section = null;
      this.isOver = name === 'Answer';
    }
  }

  private *grow(code: string): Generator<ChatDelta> {
    if (code === '') return;
    yield { type: 'tool-call-arguments', index: this.calls, fragment: JSON.stringify(code).slice(1, -1) };
  }

  private *closeCode(): Generator<ChatDelta> {
    this.code = null;
    yield { type: 'tool-call-arguments', index: this.calls, fragment: '"}' };
    this.calls += 1;
  }

  private *show(text: string): Generator<ChatDelta> {
    if (text === '') return;
    this.place.push(text);
    this.said += text;
    yield { type: 'text', text };
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }
}
