import type { FunctionDefinition } from '@libs/llm';
import type { ToolKind, ToolOutput, WebPage } from './events.js';

export interface ToolCall {
  id: string;
  /** As the model wrote them; JSON if all went well. */
  arguments: string;
}

export type ToolEvent =
  | { type: 'output'; output: ToolOutput }
  | { type: 'file'; name: string; fileId: string; isImage: boolean }
  /** Links to these pages are citations. */
  | { type: 'pages'; pages: readonly WebPage[] }
  /** Last, exactly once: what the model reads. */
  | { type: 'result'; content: string };

/** Something the model may call. Adding one is a class of this shape and a line where tools are collected. */
export interface Tool {
  readonly kind: ToolKind;
  readonly definition: FunctionDefinition;
  /** The argument whose decoded text is shown while the model writes it; absent: the raw arguments. */
  readonly shownArgument?: string;
  /** Whether its results are to be cited by links to the addresses in them: then links to others are no citations. */
  readonly isCitedByLinks?: boolean;
  /** Absent where the client runs the tool. Errors of the call are results; a throw ends the run. */
  execute?(call: ToolCall, signal: AbortSignal): AsyncIterable<ToolEvent>;
}

/** Whether its calls are the client's to run. */
export function isClientTool(tool: Tool): boolean {
  return tool.execute === undefined;
}
