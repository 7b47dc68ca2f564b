import type { ToolKind } from '@libs/agent';

/**
 * Extension: what a tool that runs here did, other than code, which stands in the text. In a stream the entries grow as
 * those of `tool_calls` do: found by their index, texts appended.
 */
export interface ToolActivityDelta {
  index: number;
  id?: string;
  type?: ToolKind;
  name?: string;
  arguments?: string;
  output?: string;
}

export type ToolActivity = Required<Omit<ToolActivityDelta, 'index'>>;

/** Puts the deltas of an answer's activities together. */
export class ToolActivities {
  private readonly entries: ToolActivity[] = [];

  add(deltas: readonly ToolActivityDelta[]): void {
    for (const { index, id, type, name, ...texts } of deltas) {
      const entry = (this.entries[index] ??= { id: '', type: 'function', name: '', arguments: '', output: '' });
      if (id !== undefined) entry.id = id;
      if (type !== undefined) entry.type = type;
      if (name !== undefined) entry.name = name;
      entry.arguments += texts.arguments ?? '';
      entry.output += texts.output ?? '';
    }
  }

  /** The extension's field; nothing where no tool was active. */
  toField(): { tool_activity?: ToolActivity[] } {
    return this.entries.length === 0 ? {} : { tool_activity: this.entries };
  }
}
