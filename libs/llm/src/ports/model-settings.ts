/**
 * How the agent works with a model: by its own tool calls, by tags in its text (the DeepAnalyze protocol), by Thought
 * and Action lines, or without tools.
 */
export type AgentProtocol = 'tools' | 'tags' | 'react' | 'none';

/**
 * What the administrator said about a model. Absent fields: nothing was said. The gateway itself puts `stop`, `extraBody`
 * and `keepAlive` into every request; the rest is for its callers to know.
 */
export interface ModelSettings {
  /** Tokens, prompt and answer together. Wins over what the server says. */
  contextSize?: number;
  protocol?: AgentProtocol;
  /** For requests that ask for none. */
  temperature?: number;
  /** Texts that end an answer, besides those of the request. */
  stop?: readonly string[];
  /** Further fields for the model server, such as `chat_template_kwargs`. A request's own fields win. */
  extraBody?: Readonly<Record<string, unknown>>;
  /** How long it stays in memory after a request, where the server lets requests choose: seconds, or a text such as `10m`. */
  keepAlive?: string | number;
  /**
   * Whether every turn begins with thoughts whose opening tag stands in the prompt, so that only `</think>` is written:
   * what templates of DeepSeek-R1, QwQ and Qwen3-Thinking do.
   */
  thinksFirst?: boolean;
  /** Whether it sees images. */
  vision?: boolean;
}
