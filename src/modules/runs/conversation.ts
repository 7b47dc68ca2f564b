import { withoutCitations } from './spoken-text.js';
import type { ChatMessage } from '@libs/llm';
import type { WireMessageContent } from '@libs/openai-wire';
import type { MessageRecord } from '../threads/index.js';
import type { RunStepRecord, StepToolCall } from './runs.types.js';

/** Images that the model is to see: a message's part -> a data URL. The others are only mentioned. */
export type VisibleImages = ReadonlyMap<WireMessageContent, string>;

export interface Conversation {
  messages: ChatMessage[];
  /** Messages of the thread that may be left out where the context is too small: all but the newest. */
  droppable: ReadonlySet<ChatMessage>;
}

/** The conversation of a thread as a model server takes it, oldest first. */
export function toConversation(
  instructions: string,
  messages: MessageRecord[],
  steps: RunStepRecord[],
  images: VisibleImages = new Map(),
): Conversation {
  const ofThisRun = new Set(steps.map((step) => step.messageId));
  const earlier = messages
    .filter((message) => !ofThisRun.has(message.id))
    .flatMap((message) => toChatMessage(message, images));
  const own = new Map(messages.map((message) => [message.id, message]));
  const system: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  return {
    messages: [...system, ...earlier, ...toOwnTurns(steps, own)],
    droppable: new Set(earlier.slice(0, -1)),
  };
}

function toChatMessage({ role, content }: MessageRecord, images: VisibleImages): ChatMessage[] {
  const seen = content.flatMap((part) => {
    const url = images.get(part);
    return url === undefined ? [] : [{ type: 'image_url' as const, image_url: { url, detail: detailOf(part) } }];
  });
  const text = textOf(content.filter((part) => !images.has(part)));
  // Servers take images in users' messages only.
  if (seen.length > 0 && role === 'user') {
    return [{ role, content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...seen] }];
  }
  const plain = textOf(content);
  return plain === '' ? [] : [{ role, content: plain }];
}

function detailOf(part: WireMessageContent): 'auto' | 'low' | 'high' {
  if (part.type === 'image_file') return part.image_file.detail ?? 'auto';
  return part.type === 'image_url' ? (part.image_url.detail ?? 'auto') : 'auto';
}

/** The text of a message, with a note in the place of each image: not every model sees. */
export function textOf(content: WireMessageContent[]): string {
  const parts = content.map((part) => {
    switch (part.type) {
      case 'text':
        return withoutCitations(part.text);
      case 'refusal':
        return part.refusal;
      case 'image_file':
        return `[image ${part.image_file.file_id}]`;
      case 'image_url':
        return part.image_url.url.startsWith('data:') ? '[image]' : `[image ${part.image_url.url}]`;
    }
  });
  return parts.filter((part) => part !== '').join('\n');
}

/**
 * What the run itself has said and done so far: a run that goes on, after its client's outputs or after the loss of its
 * worker, shows the model its finished steps instead of doing them again.
 */
function toOwnTurns(steps: RunStepRecord[], messages: Map<string, MessageRecord>): ChatMessage[] {
  const turns: ChatMessage[] = [];
  let leadingText: string | null = null;
  for (const step of steps.filter(({ status }) => status === 'completed')) {
    if (step.type === 'message_creation') {
      if (leadingText !== null) turns.push({ role: 'assistant', content: leadingText });
      leadingText = textOf(messages.get(step.messageId ?? '')?.content ?? []);
    } else {
      turns.push(...toToolTurn(leadingText, step.toolCalls));
      leadingText = null;
    }
  }
  return leadingText === null ? turns : [...turns, { role: 'assistant', content: leadingText }];
}

function toToolTurn(text: string | null, calls: StepToolCall[]): ChatMessage[] {
  return [
    {
      role: 'assistant',
      content: text,
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function' as const,
        function: { name: call.name, arguments: call.arguments },
      })),
    },
    ...calls.map((call): ChatMessage => ({ role: 'tool', tool_call_id: call.id, content: call.result ?? '' })),
  ];
}
