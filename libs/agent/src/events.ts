import type { TokenUsage } from '@libs/llm';

/** How the wire names the tool. `function`: one of the client's, or one that runs here without a kind of its own. */
export type ToolKind = 'code_interpreter' | 'file_search' | 'function';

/** Of a message's text, its place in code points, end exclusive: see `countCharacters`. */
interface AnnotationPlace {
  text: string;
  startIndex: number;
  endIndex: number;
}

/** A link to a file. */
export interface FilePathAnnotation extends AnnotationPlace {
  type: 'file_path';
  fileId: string;
}

/** A reference to a file in which something was found. `quote`: words of it, empty where there are none. */
export interface FileCitationAnnotation extends AnnotationPlace {
  type: 'file_citation';
  fileId: string;
  quote: string;
}

/** A link to a page that a search of the web found. */
export interface UrlCitationAnnotation extends AnnotationPlace, WebPage {
  type: 'url_citation';
}

export type Annotation = FilePathAnnotation | FileCitationAnnotation | UrlCitationAnnotation;

/** A page that a search of the web found, with the title that it has there. */
export interface WebPage {
  title: string;
  address: string;
}

/** A passage that a search found. */
export interface SearchResult {
  fileId: string;
  filename: string;
  /** 0 to 1. */
  score: number;
  attributes: Record<string, string | number | boolean>;
  /** Where its text begins; null where the format has no pages. */
  page: number | null;
  /** The titles above its beginning, outermost first. */
  headings: readonly string[];
  text: string;
  /** By which the model cites it: counted from 1 through the run. */
  number: number;
  /** Names the passage among all: found again it has the same number. */
  passage: string;
}

/** What a tool call shows of its work. */
export type ToolOutput =
  { type: 'logs'; logs: string } | { type: 'image'; fileId: string } | { type: 'search'; results: SearchResult[] };

/** A call of a tool that the client runs. */
export interface ClientToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** `max_tokens`: the model's own or the run's budget; both end the message the same way. */
export type IncompleteReason = 'max_tokens' | 'content_filter';

export type AgentOutcome =
  | { type: 'completed' }
  | { type: 'action_required' }
  | { type: 'incomplete'; reason: IncompleteReason | 'max_prompt_tokens' }
  | {
      type: 'failed';
      code: 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';
      message: string;
      cause?: unknown;
    }
  /** The signal aborted; why is the caller's to know. */
  | { type: 'aborted' };

/**
 * What an agent does, neutral to any wire. Steps count from 0; a step is one message or the tool calls of one
 * model turn; one step is open at a time, and within it the tool calls come one after the other.
 * `finished` is the last event, exactly once; after an outcome other than completed a step may still be open.
 */
export type AgentEvent =
  | { type: 'message-started'; step: number }
  | { type: 'image-added'; step: number; fileId: string }
  | { type: 'text-delta'; step: number; text: string; annotations: Annotation[] }
  | { type: 'refusal-delta'; step: number; text: string }
  | { type: 'reasoning-delta'; step: number; text: string }
  | { type: 'message-completed'; step: number; incomplete: IncompleteReason | null; usage: TokenUsage }
  | {
      type: 'tool-call-started';
      step: number;
      index: number;
      id: string;
      name: string;
      kind: ToolKind;
      /** Whether the client runs it: then no `tool-call-completed` follows, but `action-required`. */
      byClient: boolean;
    }
  /** A piece of what the call shows as its input: code, or a function's arguments. */
  | { type: 'tool-call-delta'; step: number; index: number; fragment: string }
  | { type: 'tool-output-delta'; step: number; index: number; output: ToolOutput }
  /** `content` is what the model reads of the result. */
  | { type: 'tool-call-completed'; step: number; index: number; arguments: string; content: string }
  | { type: 'tools-completed'; step: number; usage: TokenUsage }
  | { type: 'file-produced'; step: number; name: string; fileId: string }
  | { type: 'action-required'; step: number; calls: ClientToolCall[]; usage: TokenUsage }
  /** The model server gave no count of the turn that ends now; the one that follows is an estimate. */
  | { type: 'usage-estimated'; step: number; usage: TokenUsage }
  /** `usage`: what no step bears, such as a turn that was for the agent alone. */
  | { type: 'finished'; outcome: AgentOutcome; usage?: TokenUsage };
