import type { ChatDelta, FinishReason } from '@libs/llm';
import type { TextReader } from '../../model-layers/text-layer.js';

type Label = 'thought' | 'action' | 'action input' | 'observation' | 'final answer';
type Place = 'unlabelled' | 'thought' | 'action' | 'input' | 'answer' | 'over';

/** The lines' labels, also where a model sets them in Markdown. */
const LABEL = /^[\s>#*_-]*(thought|action input|action|observation|final answer)[\s*_]*:[\s*_]*/i;
/** What models write for an action where they mean none. */
const NO_ACTION = /^(?:none|n\/a|no action|finish|final answer)?$/i;

export interface ReactAction {
  name: string;
  input: string;
}

/**
 * Reads a turn of thought and action: thoughts become reasoning, the first action is kept for the end of the turn, and the
 * final answer is text as it comes. What a model makes up of an observation is left out. A turn without any label is an
 * answer.
 */
export class ReactStream implements TextReader {
  /** What was thought before the action. */
  thought = '';
  private place: Place = 'unlabelled';
  private line = '';
  private unlabelled = '';
  private name = '';
  private input = '';

  /** @param toCall the deltas of the call that an action is; `isCut`: its input may not be whole */
  constructor(private readonly toCall: (action: ReactAction, isCut: boolean) => ChatDelta[]) {}

  push(text: string): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    for (const piece of text.split(/(?<=\n)/)) {
      if (this.place === 'answer') {
        deltas.push({ type: 'text', text: piece });
        continue;
      }
      this.line += piece;
      const isWhole = this.line.endsWith('\n');
      if (isWhole || LABEL.exec(this.line)?.[1]?.toLowerCase() === 'final answer') deltas.push(...this.takeLine());
    }
    return deltas;
  }

  end(reason: FinishReason): ChatDelta[] {
    const deltas = this.line === '' ? [] : this.takeLine();
    if (this.place === 'unlabelled') return [...deltas, ...textDelta(this.unlabelled)];
    const name = this.name.trim().replace(/^[`"'*]+|[`"'*]+$|\(\)$/g, '');
    if (NO_ACTION.test(name)) return [...deltas, ...textDelta(name === '' ? '' : this.input.trim())];
    const isCut = reason === 'length' || reason === 'content_filter';
    return [...deltas, ...this.toCall({ name, input: this.input }, isCut)];
  }

  private takeLine(): ChatDelta[] {
    const line = this.line;
    this.line = '';
    if (this.place === 'over') return [];
    const [label, word] = LABEL.exec(line) ?? [];
    if (label === undefined || word === undefined) return this.addTo(line);
    return this.enter(word.toLowerCase() as Label, line.slice(label.length));
  }

  private enter(label: Label, rest: string): ChatDelta[] {
    // One action a turn: what comes behind its input is made up.
    const isOver = label === 'observation' || (this.name !== '' && label !== 'action input');
    const before = this.place === 'unlabelled' ? this.think(this.unlabelled) : [];
    this.place = isOver ? 'over' : PLACES[label];
    return [...before, ...this.addTo(rest)];
  }

  private addTo(text: string): ChatDelta[] {
    switch (this.place) {
      case 'unlabelled':
        this.unlabelled += text;
        return [];
      case 'thought':
        return this.think(text);
      case 'action':
        this.name += text;
        return [];
      case 'input':
        this.input += text;
        return [];
      case 'answer':
        return textDelta(text);
      case 'over':
        return [];
    }
  }

  private think(text: string): ChatDelta[] {
    this.thought += text;
    return text === '' ? [] : [{ type: 'reasoning', text }];
  }
}

const PLACES: Readonly<Record<Label, Place>> = {
  thought: 'thought',
  action: 'action',
  'action input': 'input',
  observation: 'over',
  'final answer': 'answer',
};

function textDelta(text: string): ChatDelta[] {
  return text === '' ? [] : [{ type: 'text', text }];
}
