import { CodeTracker } from '../text-streams/code-tracker.js';
import { BLOCK_KINDS, type BlockKind } from './block-kinds.js';
import { BlockEnd } from './block-end.js';
import { readCalls } from './read-calls.js';
import type { KnownFunctions, WrittenCall } from './written-call.js';

export type CallTextEvent = { type: 'text'; text: string } | { type: 'calls'; calls: WrittenCall[] };

/** The function that takes Python, where a model writes Python and no call. */
const INTERPRETER = 'code_interpreter';
/** Characters of a block beyond which it is no call. */
const LONGEST_BLOCK = 512 * 1024;
const LONGEST_OPENER = Math.max(...BLOCK_KINDS.map(({ opener }) => opener.length));
/** What openers begin with, other than those at the beginning of a turn. */
const TRIGGER = /[<[`]/g;

interface OpenBlock {
  kind: BlockKind;
  end: BlockEnd;
}

/**
 * Finds the tool calls that a model writes into its text. Text comes out as soon as it can be no part of a call; a block
 * comes out whole, as calls or, where it was none after all, as the text it is. How the text is cut into fragments makes
 * no difference.
 */
export class CallTextStream {
  private held = '';
  private block: OpenBlock | null = null;
  private readonly code = new CodeTracker();
  /** Whether only white space and calls came so far. */
  private isFirst = true;
  /** Calls of functions nobody knows: calls where the turn ends with them, text where it goes on. */
  private doubtful: { source: string; calls: WrittenCall[] } | null = null;

  constructor(private readonly known: KnownFunctions) {}

  push(fragment: string): CallTextEvent[] {
    this.held += fragment;
    return [...this.drain()];
  }

  /** What was held back, at the end of the turn. `isCut`: the turn has no end of its own; a call in the middle is lost. */
  end(isCut = false): CallTextEvent[] {
    const events: CallTextEvent[] = [];
    while (this.block) {
      const block = this.block;
      if (isCut && !block.end.hasValue) {
        this.held = '';
        this.block = null;
        break;
      }
      events.push(...this.close(block.end.findAtEnd(this.held)), ...this.drain());
    }
    events.push(...this.show(this.held));
    this.held = '';
    if (this.doubtful) events.push({ type: 'calls', calls: this.doubtful.calls });
    return events;
  }

  private *drain(): Generator<CallTextEvent> {
    for (;;) {
      if (!this.block && !(yield* this.seekBlock())) return;
      const block = this.block;
      if (!block) return;
      if (!this.canBeCalls(block)) {
        yield* this.giveUp(block);
        continue;
      }
      const end = block.end.find(this.held);
      if (end === null) return;
      yield* this.close(end);
    }
  }

  /** Shows text up to the next block. Whether one was found. */
  private *seekBlock(): Generator<CallTextEvent, boolean> {
    let from = 0;
    for (;;) {
      const at = this.nextTrigger(from);
      if (at < 0) {
        yield* this.show(this.take(this.held.length));
        return false;
      }
      const rest = this.held.slice(at, at + LONGEST_OPENER);
      const isFirst = this.isFirst && this.held.slice(0, at).trim() === '';
      const kinds = BLOCK_KINDS.filter(({ first }) => isFirst || first !== true);
      const isGrowing = kinds.some(({ opener }) => opener.length > rest.length && opener.startsWith(rest));
      const isQuoted = this.isQuotedAt(at);
      if (isGrowing && !isQuoted) {
        yield* this.show(this.take(at));
        return false;
      }
      const kind = isQuoted ? undefined : longest(kinds.filter(({ opener }) => rest.startsWith(opener)));
      if (kind) {
        yield* this.show(this.take(at));
        this.open(kind);
        return true;
      }
      from = at + 1;
    }
  }

  /** Where a block may begin at the earliest; -1 if nowhere. At the beginning of a turn that is its first word. */
  private nextTrigger(from: number): number {
    if (this.isFirst && from === 0) {
      const first = this.held.search(/\S/);
      if (first >= 0) return first;
    }
    TRIGGER.lastIndex = from;
    return TRIGGER.exec(this.held)?.index ?? -1;
  }

  private isQuotedAt(at: number): boolean {
    const tracker = this.code.copy();
    tracker.push(this.held.slice(0, at));
    return tracker.isCode;
  }

  private open(kind: BlockKind): void {
    const bodyStart = kind.keepsOpener ? 0 : kind.opener.length;
    this.block = { kind, end: new BlockEnd(kind, bodyStart) };
  }

  private canBeCalls({ kind }: OpenBlock): boolean {
    if (this.held.length > LONGEST_BLOCK) return false;
    return kind.mayBe?.(this.held.slice(kind.keepsOpener ? 0 : kind.opener.length), this.known) ?? true;
  }

  private *close(end: number): Generator<CallTextEvent> {
    const block = this.block;
    if (!block) return;
    const source = this.held.slice(0, end);
    const calls = this.read(bodyOf(source, block.kind), block.kind);
    const areKnown = calls?.every(({ name }) => this.known.has(name)) ?? false;
    if (!calls || (!areKnown && block.kind.token !== true)) {
      yield* this.giveUp(block);
      return;
    }
    this.held = this.held.slice(end);
    this.block = null;
    if (areKnown) yield* this.showCalls(calls);
    else {
      this.doubtful = {
        source: (this.doubtful?.source ?? '') + source,
        calls: [...(this.doubtful?.calls ?? []), ...calls],
      };
    }
  }

  private read(body: string, kind: BlockKind): WrittenCall[] | null {
    const calls = readCalls(body, this.known);
    if (!kind.isCode || !this.known.has(INTERPRETER)) return calls;
    if (calls?.every(({ name }) => this.known.has(name))) return calls;
    return body.trim() === '' ? null : [{ name: INTERPRETER, arguments: JSON.stringify({ code: body.trim() }) }];
  }

  private *showCalls(calls: WrittenCall[]): Generator<CallTextEvent> {
    const earlier = this.doubtful?.calls ?? [];
    this.doubtful = null;
    yield { type: 'calls', calls: [...earlier, ...calls] };
  }

  /** The opener was text; what follows it may hold another block. */
  private *giveUp({ kind }: OpenBlock): Generator<CallTextEvent> {
    this.block = null;
    yield* this.show(this.take(kind.opener.length));
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }

  private *show(text: string): Generator<CallTextEvent> {
    if (text === '') return;
    this.code.push(text);
    const isBlank = text.trim() === '';
    this.isFirst &&= isBlank;
    if (this.doubtful) {
      if (isBlank) {
        this.doubtful.source += text;
        return;
      }
      text = this.doubtful.source + text;
      this.doubtful = null;
    }
    yield { type: 'text', text };
  }
}

function longest(kinds: readonly BlockKind[]): BlockKind | undefined {
  return [...kinds].sort((left, right) => right.opener.length - left.opener.length)[0];
}

function bodyOf(source: string, { opener, closers, keepsOpener }: BlockKind): string {
  const body = keepsOpener ? source : source.slice(opener.length);
  const closer = closers.find((candidate) => body.trimEnd().endsWith(candidate));
  return closer === undefined ? body : body.trimEnd().slice(0, -closer.length);
}
