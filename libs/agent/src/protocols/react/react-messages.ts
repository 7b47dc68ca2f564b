import type { ChatMessage, FunctionDefinition } from '@libs/llm';
import type { Prompts } from '../../prompts.js';
import { textContent, withSystemText } from '../../system-text.js';
import { inOrderOfCalls } from '../in-order-of-calls.js';

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;

/** The conversation as a model without tools takes it: the tools are described, calls and results are lines of text. */
export function toReactMessages(
  messages: readonly ChatMessage[],
  tools: readonly FunctionDefinition[],
  prompts: Prompts,
  options: { mustAnswer: boolean; thoughts: ReadonlyMap<string, string>; form: string },
): ChatMessage[] {
  const written = inOrderOfCalls(messages).map((message) => toWritten(message, options.thoughts));
  const reminder: ChatMessage[] = options.mustAnswer
    ? [{ role: 'user', content: prompts.get('react-answer-now') }]
    : [];
  const system = prompts.fill('react-system', {
    tools: tools.map(describe).join('\n\n'),
    names: tools.map(({ name }) => name).join(', '),
  });
  const form = options.form === '' ? '' : `\n\n${options.form}`;
  return withSystemText(joinUsers([...written, ...reminder]), system + form);
}

function describe({ name, description, parameters }: FunctionDefinition): string {
  const schema = parameters ? `\n  Input, as JSON: ${JSON.stringify(parameters)}` : '';
  return `- ${name}: ${description ?? ''}${schema}`;
}

function toWritten(message: ChatMessage, thoughts: ReadonlyMap<string, string>): ChatMessage {
  if (message.role === 'tool') return { role: 'user', content: `Observation: ${textContent(message)}` };
  if (message.role !== 'assistant' || !message.tool_calls?.length) return message;
  return { role: 'assistant', content: toActions(message, message.tool_calls, thoughts) };
}

function toActions(
  message: AssistantMessage,
  calls: NonNullable<AssistantMessage['tool_calls']>,
  thoughts: ReadonlyMap<string, string>,
): string {
  const thought = (thoughts.get(calls[0]?.id ?? '') ?? textContent(message)).trim();
  const actions = calls.flatMap((call) =>
    call.type === 'function' ? [`Action: ${call.function.name}\nAction Input: ${call.function.arguments}`] : [],
  );
  return [...(thought === '' ? [] : [`Thought: ${thought}`]), ...actions].join('\n');
}

/** Many chat templates want user and assistant by turns. */
function joinUsers(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const isText = typeof message.content === 'string' && typeof last?.content === 'string';
    if (message.role === 'user' && last?.role === 'user' && isText) {
      joined[joined.length - 1] = { ...last, content: `${textContent(last)}\n\n${textContent(message)}` };
    } else joined.push(message);
  }
  return joined;
}
