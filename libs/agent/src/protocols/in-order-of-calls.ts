import type { ChatMessage } from '@libs/llm';

/** Results in the order of their calls: where calls are text, nothing else tells whose a result is. */
export function inOrderOfCalls(messages: readonly ChatMessage[]): ChatMessage[] {
  const places = new Map<string, number>();
  const ordered: ChatMessage[] = [];
  let results: Extract<ChatMessage, { role: 'tool' }>[] = [];
  const flush = (): void => {
    ordered.push(...results.sort((one, other) => placeOf(one) - placeOf(other)));
    results = [];
  };
  const placeOf = ({ tool_call_id: id }: { tool_call_id: string }): number => places.get(id) ?? places.size;
  for (const message of messages) {
    if (message.role === 'tool') {
      results.push(message);
      continue;
    }
    flush();
    if (message.role === 'assistant') for (const { id } of message.tool_calls ?? []) places.set(id, places.size);
    ordered.push(message);
  }
  flush();
  return ordered;
}
