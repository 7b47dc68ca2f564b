import type { OpenAI } from 'openai';
import type { ScriptedTurn } from '../../fakes/model-server/index.js';
import type { ScriptedServer } from './scripted-server.js';

export type Tools = OpenAI.Beta.AssistantCreateParams['tools'];
type FunctionCall = OpenAI.Beta.Threads.Runs.FunctionToolCall;

/** The wire knows them not; the SDK sends what it is given. */
export const tools = (...list: object[]): Tools => list as Tools;
export const chatTools = (...list: object[]): OpenAI.ChatCompletionTool[] => list as OpenAI.ChatCompletionTool[];

/** A turn that calls a tool. */
export const call = (name: string, callArguments: Record<string, unknown>): ScriptedTurn => ({
  toolCalls: [{ name, arguments: callArguments }],
});
export const ANSWER: ScriptedTurn = { text: 'Done.' };

/** A run of an assistant with these tools, whose model makes these turns; and what its first step shows. */
export async function runWithTools(
  { client, models, newThread }: ScriptedServer,
  wanted: Tools,
  turns: ScriptedTurn[],
): Promise<{ status: string; calls: FunctionCall[]; read: string }> {
  models.setScript(turns);
  const assistant = await client.beta.assistants.create({ model: models.model, tools: wanted });
  const thread_id = await newThread();
  const done = await client.beta.threads.runs.createAndPoll(thread_id, { assistant_id: assistant.id });
  const steps = await client.beta.threads.runs.steps.list(done.id, { thread_id, order: 'asc' });
  const details = steps.data[0]?.step_details;
  const asked = models.chats.at(-1)?.body as { messages: { role: string; content: string }[] };
  return {
    status: done.status,
    calls: details?.type === 'tool_calls' ? (details.tool_calls as FunctionCall[]) : [],
    read: asked.messages.findLast(({ role }) => role === 'tool')?.content ?? '',
  };
}
