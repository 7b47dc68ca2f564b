import type OpenAI from 'openai';

type StreamEvent = OpenAI.Beta.Assistants.AssistantStreamEvent;

export type EntryKind = 'answer' | 'code' | 'output';

/** A fragment of what the assistant says, runs, or gets from its code. */
export interface Entry {
  kind: EntryKind;
  text: string;
}

/** What one event of a run's stream adds to the transcript. */
export function toEntries(event: StreamEvent): Entry[] {
  if (event.event === 'thread.message.delta') {
    const parts = event.data.delta.content ?? [];
    return parts.flatMap((part) => (part.type === 'text' ? entry('answer', part.text?.value) : []));
  }
  if (event.event === 'thread.run.step.delta') {
    const details = event.data.delta.step_details;
    const calls = details?.type === 'tool_calls' ? (details.tool_calls ?? []) : [];
    return calls.flatMap((call) => (call.type === 'code_interpreter' ? entriesOfCode(call.code_interpreter) : []));
  }
  return [];
}

type CodeDelta = OpenAI.Beta.Threads.Runs.Steps.CodeInterpreterToolCallDelta['code_interpreter'];

function entriesOfCode(delta: CodeDelta): Entry[] {
  const outputs = delta?.outputs ?? [];
  const logs = outputs.flatMap((output) => (output.type === 'logs' ? entry('output', output.logs) : []));
  return [...entry('code', delta?.input), ...logs];
}

function entry(kind: EntryKind, text: string | undefined): Entry[] {
  return text ? [{ kind, text }] : [];
}

export interface TranscriptLimits {
  /** Most lines shown of one stretch of code or output. The answer is always shown whole. */
  lines: number;
  /** Most characters shown of one line of code or output. */
  width: number;
}

const TITLES: Record<EntryKind, string> = {
  answer: 'The assistant says',
  code: 'It runs Python',
  output: 'Python prints',
};

/** Turns fragments into text to print at once, with a heading where another kind of text begins. */
export class Transcript {
  private kind: EntryKind | undefined;
  private line = 0;
  private column = 0;
  private endsLine = true;

  constructor(private readonly limits: TranscriptLimits) {}

  /** What to print for the fragment; empty where the limits hide it. */
  add({ kind, text }: Entry): string {
    const heading = kind === this.kind ? '' : this.begin(kind);
    this.endsLine = text.endsWith('\n');
    if (kind === 'answer') return heading + text;
    const [first = '', ...others] = text.split('\n');
    return heading + this.continueLine(first) + others.map((piece) => this.nextLine(piece)).join('');
  }

  /** What to print when nothing more comes. */
  end(): string {
    const hidden = this.kind === 'answer' ? 0 : this.line - this.limits.lines;
    if (hidden > 0) return `\n    ... ${hidden} more lines\n`;
    return this.endsLine ? '' : '\n';
  }

  private begin(kind: EntryKind): string {
    const closing = this.kind === undefined ? '' : this.end();
    this.kind = kind;
    this.line = 1;
    this.column = 0;
    return `${closing}\n--- ${TITLES[kind]}\n${kind === 'answer' ? '' : '    '}`;
  }

  private nextLine(piece: string): string {
    this.line += 1;
    this.column = 0;
    return this.isHidden ? '' : `\n    ${this.continueLine(piece)}`;
  }

  private continueLine(piece: string): string {
    if (this.isHidden) return '';
    const room = this.limits.width - this.column;
    this.column += piece.length;
    if (room < 0 || piece.length <= room) return room < 0 ? '' : piece;
    this.column = this.limits.width + 1;
    return `${piece.slice(0, room)}...`;
  }

  private get isHidden(): boolean {
    return this.line > this.limits.lines;
  }
}
