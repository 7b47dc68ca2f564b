import type OpenAI from 'openai';

export type StreamEvent = OpenAI.Beta.AssistantStreamEvent;
type EventData<Name extends StreamEvent['event']> = Extract<StreamEvent, { event: Name }>['data'];
type CodeCall = OpenAI.Beta.Threads.Runs.CodeInterpreterToolCallDelta;

export function dataOf<Name extends StreamEvent['event']>(
  events: readonly StreamEvent[],
  name: Name,
): EventData<Name>[] {
  return events.flatMap((event) => (event.event === name ? [event.data as EventData<Name>] : []));
}

/** The names in order, each row of deltas of one object as a single one. */
export function orderOf(events: readonly StreamEvent[]): string[] {
  const names = events.map(({ event }) => event.replace(/^thread\./, ''));
  return names.filter((name, index) => !name.endsWith('.delta') || names[index - 1] !== name);
}

/** openai-wire.md section 5.2. */
export const RUN_BEGINS = ['run.created', 'run.queued', 'run.in_progress'];
export const MESSAGE_STEP = [
  'run.step.created',
  'run.step.in_progress',
  'message.created',
  'message.in_progress',
  'message.delta',
  'message.completed',
  'run.step.completed',
];
export const TOOL_STEP = ['run.step.created', 'run.step.in_progress', 'run.step.delta', 'run.step.completed'];

/** The text that the deltas of a message sum up to. */
export function textOfDeltas(events: readonly StreamEvent[], messageId: string): string {
  return dataOf(events, 'thread.message.delta')
    .filter(({ id }) => id === messageId)
    .flatMap(({ delta }) => delta.content ?? [])
    .map((part) => (part.type === 'text' ? (part.text?.value ?? '') : ''))
    .join('');
}

/** The text of a whole message; throws where a message has none. */
export function textOf(message: OpenAI.Beta.Threads.Message | undefined): OpenAI.Beta.Threads.Text {
  const part = message?.content.find(({ type }) => type === 'text');
  if (part?.type !== 'text') throw new Error(`No text in ${JSON.stringify(message)}`);
  return part.text;
}

export function codeCallsOfDeltas(events: readonly StreamEvent[]): CodeCall[] {
  return dataOf(events, 'thread.run.step.delta').flatMap(({ delta }) => {
    const details = delta.step_details;
    if (details?.type !== 'tool_calls') throw new Error(`Not a delta of tool calls: ${JSON.stringify(delta)}`);
    return (details.tool_calls ?? []).map((call) => {
      if (call.type !== 'code_interpreter') throw new Error(`Not the code interpreter: ${JSON.stringify(call)}`);
      return call;
    });
  });
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
