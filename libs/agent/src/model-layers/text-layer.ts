import type { ChatDelta, FinishReason } from '@libs/llm';

/** Reads the text of one turn and says what deltas it stands for. */
export interface TextReader {
  push(text: string): ChatDelta[];
  /** What was held back, at the end of the turn. */
  end(reason: FinishReason): ChatDelta[];
}

/** The deltas of a turn with what the reader makes of its text. What is held back stays in its place before other deltas. */
export async function* readText(deltas: AsyncIterable<ChatDelta>, reader: TextReader): AsyncGenerator<ChatDelta> {
  let callsTools = false;
  for await (const delta of deltas) {
    if (delta.type !== 'text' && delta.type !== 'finish') {
      yield delta;
      continue;
    }
    for (const read of delta.type === 'text' ? reader.push(delta.text) : reader.end(delta.reason)) {
      callsTools ||= read.type === 'tool-call-start';
      yield read;
    }
    if (delta.type === 'finish') {
      yield callsTools && delta.reason === 'stop' ? { type: 'finish', reason: 'tool_calls' } : delta;
    }
  }
}
