import type { ChatMessage, ChatModel, ChatRequest, ToolChoice } from '@libs/llm';
import type { AnswerCheck } from './answer-check.js';
import type { Grounding } from './grounded-model.js';
import type { SourceList } from './citations/source-list.js';
import type { ContextWindow, CountTokens } from './context-window.js';
import type { Prompts } from './prompts.js';
import type { Protocol } from './protocols/protocol.js';
import type { AgentBounds, AgentType } from './strategies/agent-type.js';
import type { ReportOptions } from './strategies/report-options.js';
import type { Tool } from './tool.js';
import type { AgentTracing } from './tracing/tracer.js';

/** A file in the workspace before the agent begins. */
export interface DataFile {
  name: string;
  bytes: number;
}

export interface AgentInput {
  model: ChatModel;
  /** Everything of the request but messages, tools and the choice among them. */
  request: Omit<ChatRequest, 'messages' | 'tools' | 'toolChoice'>;
  messages: ChatMessage[];
  tools: Tool[];
  /** What the model is told of the tools' surroundings, where it gets them. */
  toolPrompt?: string;
  /** Files that lie ready for the tools, for protocols that name them in ways of their own. */
  dataFiles?: readonly DataFile[];
  /** Holds for the first turn; afterwards the model chooses, else a required tool would be called for ever. */
  toolChoice: ToolChoice;
  /** After so many rounds of tools the model must answer. */
  maxToolRounds: number;
  /** How the agent goes about it. Absent: the model answers, and calls tools as it likes. */
  agent?: AgentType;
  bounds?: Partial<AgentBounds>;
  /** How the model calls tools. Absent: as its server has it, `tools`. */
  protocol?: Protocol;
  /** Whether turns begin with thoughts whose opening tag is in the prompt. Absent: it is found out by their end. */
  thinksFirst?: boolean;
  /** What the answer must be like. One that is not is asked for again, once. */
  answerCheck?: AnswerCheck | undefined;
  /** Tokens the model may write in all turns together. */
  maxCompletionTokens?: number;
  /** For turns that the model server does not count. Absent: they count as nothing. */
  countTokens?: CountTokens;
  /** Makes each prompt fit. Absent: prompts are sent as they are. */
  contextWindow?: ContextWindow;
  /** Files that links in messages may name: name in the workspace -> file id. Tools' files are added to it. */
  files: Map<string, string>;
  /** What messages may cite. Absent: what looks like a citation is plain text. */
  sources?: SourceList;
  /** Present where only what was found may be told. */
  grounding?: Grounding;
  /** Images made earlier that no message has shown yet. */
  pendingImages?: string[];
  /**
   * Whether calls of the client's functions are shown only once they are known to be good: a chat completion cannot take
   * back what it showed.
   */
  holdsClientCalls?: boolean;
  /** Of conversations in tags. Absent: none is made. */
  report?: ReportOptions;
  /** What agents say to models. Default: the product's own. */
  prompts?: Prompts;
  /** Absent: nobody is told of spans, and none are made. */
  tracing?: AgentTracing;
}
