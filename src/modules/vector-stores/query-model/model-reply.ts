import type { ModelGateway } from '@libs/llm';

/** Models that think aloud may go on for long; what comes later is not read. */
const LONGEST_REPLY = 8000;
const MOST_TOKENS = 1024;

export interface ModelTask {
  model: string;
  /** What is to be done. */
  prompt: string;
  /** What it is to be done with. */
  input: string;
  /** Absent: as for a reply of a few lines. */
  maxTokens?: number;
  /** Characters, of which what the model thinks in its text is a part. */
  longestReply?: number;
}

/** A chat model's reply without what it thought. Throws ModelErrors and the signal's reason. */
export async function readModelReply(
  gateway: ModelGateway,
  { model, prompt, input, maxTokens = MOST_TOKENS, longestReply = LONGEST_REPLY }: ModelTask,
  signal: AbortSignal,
): Promise<string> {
  const { chat } = await gateway.resolve(model);
  const messages = [
    { role: 'system' as const, content: prompt },
    { role: 'user' as const, content: input },
  ];
  const request = { model, messages, temperature: 0, maxTokens };
  let reply = '';
  for await (const delta of chat.stream(request, { signal, maxRetries: 0 })) {
    if (delta.type === 'text') reply += delta.text;
    if (reply.length > longestReply) break;
  }
  return reply.replace(/<think>[^]*?(<\/think>|$)/g, '').trim();
}

/** Documents are hostile: nothing in one ends its place in a prompt or begins another. */
export function fenced(tag: string, text: string): string {
  return text.replace(new RegExp(`<(/?${tag})\\b`, 'gi'), '‹$1').replace(/\p{Surrogate}/gu, '\ufffd');
}
