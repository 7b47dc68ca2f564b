import type { ChatMessage } from '@libs/llm';

/** Counts the tokens of one message, as nearly as it can be known. */
export type CountTokens = (text: string) => Promise<number>;

export interface ContextWindowOptions {
  /** Tokens that the model takes, prompt and answer together; undefined where nobody knows. */
  contextSize?: number | undefined;
  /** Tokens that all prompts of the run together may have. */
  maxPromptTokens?: number | undefined;
  /** Messages that may be left out to make room. The newest message of a thread is not among them. */
  droppable: ReadonlySet<ChatMessage>;
  count: CountTokens;
}

export interface FittedPrompt {
  messages: ChatMessage[];
  /** Undefined: the caller's own limit stands. */
  maxTokens: number | undefined;
}

/** What chat templates add to each message, generously. */
const TOKENS_PER_MESSAGE = 8;
/** Of the context, what is kept free for the answer at least. */
const ANSWER_SHARE = 0.25;

/**
 * Makes prompts fit. Messages from the middle of the thread go first, oldest first, as OpenAI's `auto` does: the first one
 * often says what the thread is about.
 */
export class ContextWindow {
  private readonly counts = new WeakMap<ChatMessage, Promise<number>>();

  constructor(private readonly options: ContextWindowOptions) {}

  /** Null: even without everything that may be left out, the prompt is too large. */
  async fit(
    messages: ChatMessage[],
    spentPromptTokens: number,
    maxTokens: number | undefined,
  ): Promise<FittedPrompt | null> {
    const limit = this.promptLimit(spentPromptTokens, maxTokens);
    const mostTokens = sum(messages.map((message) => byteLength(message) + TOKENS_PER_MESSAGE));
    // A token is at least a byte: most prompts need no counting.
    if (mostTokens <= limit && mostTokens + (maxTokens ?? 0) <= (this.options.contextSize ?? Infinity)) {
      return { messages, maxTokens };
    }
    const counted = await Promise.all(
      messages.map(async (message) => ({ message, tokens: await this.countOf(message) })),
    );
    const kept = dropMiddle(counted, this.options.droppable, limit);
    if (kept === null) return null;
    return {
      messages: kept.map(({ message }) => message),
      maxTokens: this.answerLimit(sum(kept.map(({ tokens }) => tokens)), maxTokens),
    };
  }

  private promptLimit(spentPromptTokens: number, maxTokens: number | undefined): number {
    const { contextSize = Infinity, maxPromptTokens = Infinity } = this.options;
    const reserved = Math.min(maxTokens ?? Infinity, Math.floor(contextSize * ANSWER_SHARE));
    const room = contextSize === Infinity ? Infinity : contextSize - reserved;
    return Math.min(room, maxPromptTokens - spentPromptTokens);
  }

  /** Servers refuse a request whose prompt and answer together may exceed the context. */
  private answerLimit(promptTokens: number, maxTokens: number | undefined): number | undefined {
    const { contextSize } = this.options;
    if (contextSize === undefined) return maxTokens;
    return Math.max(1, Math.min(maxTokens ?? Infinity, contextSize - promptTokens));
  }

  private countOf(message: ChatMessage): Promise<number> {
    let count = this.counts.get(message);
    if (!count) {
      count = this.options.count(textOfMessage(message)).then((tokens) => tokens + TOKENS_PER_MESSAGE);
      this.counts.set(message, count);
    }
    return count;
  }
}

export interface CountedMessage {
  message: ChatMessage;
  tokens: number;
}

/** Leaves out droppable messages, the second one first, until the rest fits. Null if it never does. */
export function dropMiddle(
  messages: readonly CountedMessage[],
  droppable: ReadonlySet<ChatMessage>,
  limit: number,
): CountedMessage[] | null {
  let excess = sum(messages.map(({ tokens }) => tokens)) - limit;
  if (excess <= 0) return [...messages];
  const [first, ...middle] = messages.filter(({ message }) => droppable.has(message));
  const dropped = new Set<CountedMessage>();
  for (const candidate of [...middle, ...(first ? [first] : [])]) {
    dropped.add(candidate);
    excess -= candidate.tokens;
    if (excess <= 0) return messages.filter((message) => !dropped.has(message));
  }
  return null;
}

/** All that a message says, tool calls included. Images are not text: servers count them in ways of their own. */
export function textOfMessage(message: ChatMessage): string {
  const content = 'content' in message ? message.content : null;
  const parts =
    typeof content === 'string' ? [content] : (content ?? []).map((part) => ('text' in part ? part.text : ''));
  const calls = 'tool_calls' in message ? (message.tool_calls ?? []) : [];
  return [
    ...parts,
    ...calls.map((call) => (call.type === 'function' ? call.function.name + call.function.arguments : '')),
  ].join('\n');
}

function byteLength(message: ChatMessage): number {
  return Buffer.byteLength(textOfMessage(message));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
