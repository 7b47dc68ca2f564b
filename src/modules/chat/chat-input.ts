import type { AgentBounds, AgentInput, Prompts, ReportOptions } from '@libs/agent';
import type { ChatMessage, ChatRequest, ModelSettings, ToolChoice } from '@libs/llm';
import type { AssistantTool } from '@libs/openai-wire';
import { isPlainObject } from '../../common/validation/index.js';
import type { Toolbox } from '../tools/index.js';
import type { ChatBody } from './chat-body.js';

/** The functions that a chat completion's client runs. */
export function clientFunctions({ tools }: ChatBody): AssistantTool[] {
  return tools.flatMap((tool): AssistantTool[] => {
    const definition: unknown = isPlainObject(tool) && tool['type'] === 'function' ? tool['function'] : undefined;
    if (!isPlainObject(definition) || typeof definition['name'] !== 'string') return [];
    return [{ type: 'function', function: definition as Extract<AssistantTool, { type: 'function' }>['function'] }];
  });
}

/** The tools, with the interpreter where files or the agent bring it along, and without it where no code may run. */
export function withInterpreter(
  { fileIds, executeCode, agentType }: ChatBody,
  tools: readonly AssistantTool[],
): AssistantTool[] {
  const others = tools.filter(({ type }) => type !== 'code_interpreter');
  const usesTools = agentType !== undefined && agentType !== 'chat';
  const runsCode = executeCode ?? (others.length < tools.length || fileIds.length > 0 || usesTools);
  return runsCode ? [{ type: 'code_interpreter' }, ...others] : others;
}

export interface ChatLimits {
  defaultTemperature: number | undefined;
  maxNewTokens: number;
  maxToolRounds: number;
  bounds?: AgentBounds;
  prompts?: Prompts;
  /** How the model calls tools, as the administrator says. */
  settings?: Pick<ModelSettings, 'protocol' | 'thinksFirst'>;
  report?: ReportOptions;
}

/** A chat completion as the agent takes it. */
export function toAgentInput(
  { plain, agentType }: ChatBody,
  { model, id }: { model: AgentInput['model']; id: string },
  toolbox: Toolbox,
  limits: ChatLimits,
): AgentInput {
  return {
    model,
    request: { model: id, ...samplingOf(plain, limits) },
    messages: plain.messages as unknown as ChatMessage[],
    tools: toolbox.tools,
    toolPrompt: toolbox.prompt,
    toolChoice: firstChoice(plain, toolbox),
    ...(toolbox.grounding ? { grounding: toolbox.grounding } : {}),
    maxToolRounds: limits.maxToolRounds,
    files: toolbox.files,
    dataFiles: toolbox.dataFiles,
    holdsClientCalls: true,
    ...(agentType === undefined ? {} : { agent: agentType }),
    ...agentLimits(limits),
  };
}

/** Who may only tell what was found begins with a search, unless the client chose otherwise. */
function firstChoice(plain: ChatBody['plain'], { grounding }: Toolbox): ToolChoice {
  const asked = (plain['tool_choice'] as ToolChoice | null | undefined) ?? 'auto';
  return grounding && asked === 'auto' ? { type: 'function', function: { name: 'file_search' } } : asked;
}

function agentLimits({ bounds, prompts, settings, report }: ChatLimits): Partial<AgentInput> {
  return {
    ...(bounds ? { bounds } : {}),
    ...(prompts ? { prompts } : {}),
    ...(settings?.protocol ? { protocol: settings.protocol } : {}),
    ...(settings?.thinksFirst ? { thinksFirst: true } : {}),
    ...(report ? { report } : {}),
  };
}

function samplingOf(plain: ChatBody['plain'], limits: ChatLimits): Omit<ChatRequest, 'model' | 'messages'> {
  const number = (name: string): number | undefined => {
    const value = plain[name];
    return typeof value === 'number' ? value : undefined;
  };
  const temperature = number('temperature') ?? limits.defaultTemperature;
  const topP = number('top_p');
  const stop = typeof plain['stop'] === 'string' ? [plain['stop']] : plain['stop'];
  const { response_format, reasoning_effort, parallel_tool_calls } = plain;
  return {
    maxTokens: number('max_completion_tokens') ?? number('max_tokens') ?? limits.maxNewTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(Array.isArray(stop) ? { stop: stop.map(String) } : {}),
    ...(isPlainObject(response_format)
      ? { responseFormat: response_format as unknown as NonNullable<ChatRequest['responseFormat']> }
      : {}),
    ...(typeof reasoning_effort === 'string' ? { reasoningEffort: reasoning_effort } : {}),
    ...(typeof parallel_tool_calls === 'boolean' ? { parallelToolCalls: parallel_tool_calls } : {}),
  };
}
