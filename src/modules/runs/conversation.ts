import type { ChatMessage } from '@libs/llm';
import type { WireMessageContent } from '@libs/openai-wire';
import type { MessageRecord } from '../threads/index.js';
import type { RunStepRecord, StepToolCall } from './runs.types.js';

/** The conversation of a thread as a model server takes it, oldest first. */
export function toConversation(instructions: string, messages: MessageRecord[], steps: RunStepRecord[]): ChatMessage[] {
  const ofThisRun = new Set(steps.map((step) => step.messageId));
  const earlier = messages.filter((message) => !ofThisRun.has(message.id)).flatMap(toChatMessage);
  const own = new Map(messages.map((message) => [message.id, message]));
  const system: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  return [...system, ...earlier, ...toOwnTurns(steps, own)];
}

function toChatMessage(message: MessageRecord): ChatMessage[] {
  const text = textOf(message.content);
  if (text === '') return [];
  return [{ role: message.role, content: text }];
}

/** The text of a message, with a note in the place of each image: not every model sees. */
export function textOf(content: WireMessageContent[]): string {
  const parts = content.map((part) => {
    switch (part.type) {
      case 'text':
        return part.text.value;
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
