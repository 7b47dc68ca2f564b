import {
  ContextWindow,
  type AgentBounds,
  type AgentInput,
  type AgentType,
  type CountTokens,
  type Prompts,
  type ReportOptions,
  type Tracer,
} from '@libs/agent';
import type { CallContext, ChatMessage, ChatModel, ChatRequest, ModelSettings, ToolChoice } from '@libs/llm';
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
  { executeCode, agentType }: ChatBody,
  tools: readonly AssistantTool[],
  hasFiles: boolean,
): AssistantTool[] {
  const others = tools.filter(({ type }) => type !== 'code_interpreter');
  const usesTools = agentType !== undefined && agentType !== 'chat';
  const runsCode = executeCode ?? (others.length < tools.length || hasFiles || usesTools);
  return runsCode ? [{ type: 'code_interpreter' }, ...others] : others;
}

/** The model that answers a chat completion. */
export interface ModelOfChat {
  chat: ChatModel;
  /** In which it is called. */
  context: CallContext & { runId: string };
  /** Tokens, prompt and answer together; undefined where nobody knows. */
  contextSize: number | undefined;
  countTokens: CountTokens;
  /** What the administrator says of it. */
  settings: Pick<ModelSettings, 'protocol' | 'thinksFirst' | 'temperature'>;
}

export interface ChatLimits {
  defaultTemperature: number | undefined;
  maxNewTokens: number;
  maxToolRounds: number;
  bounds?: AgentBounds;
  prompts?: Prompts;
  report?: ReportOptions;
  tracer?: Tracer | undefined;
}

export interface AskedOfAgent {
  /** As `readChatRequest` read it. */
  request: ChatRequest;
  agentType: AgentType | undefined;
  /** Of its messages, those that the client did not send: what it sends is the conversation as it wants it. */
  droppable?: ReadonlySet<ChatMessage>;
}

/** A chat completion as the agent takes it. */
export function toAgentInput(
  { request: asked, agentType, droppable = new Set() }: AskedOfAgent,
  { chat, context, contextSize, countTokens, settings }: ModelOfChat,
  toolbox: Toolbox,
  { defaultTemperature, maxNewTokens, maxToolRounds, tracer, ...limits }: ChatLimits,
): AgentInput {
  const request = withoutConversation(asked);
  const temperature = request.temperature ?? defaultTemperature;
  return {
    model: chat,
    request: {
      ...request,
      maxTokens: request.maxTokens ?? maxNewTokens,
      ...(temperature === undefined ? {} : { temperature }),
    },
    messages: asked.messages,
    tools: toolbox.tools,
    toolPrompt: toolbox.prompt,
    toolChoice: firstChoice(asked, toolbox),
    ...(toolbox.grounding ? { grounding: toolbox.grounding } : {}),
    maxToolRounds,
    ...(request.maxTokens === undefined ? {} : { maxCompletionTokens: request.maxTokens }),
    countTokens,
    contextWindow: new ContextWindow({ contextSize, droppable, count: countTokens }),
    files: toolbox.files,
    dataFiles: toolbox.dataFiles,
    holdsClientCalls: true,
    ...(agentType === undefined ? {} : { agent: agentType }),
    ...(settings.protocol ? { protocol: settings.protocol } : {}),
    ...(settings.thinksFirst ? { thinksFirst: true } : {}),
    ...(tracer ? { tracing: tracingOf(tracer, context) } : {}),
    ...limits,
  };
}

function tracingOf(tracer: Tracer, { runId, traceparent }: ModelOfChat['context']): AgentInput['tracing'] {
  return { tracer, runId, ...(traceparent === undefined ? {} : { parent: traceparent }) };
}

/** Who may only tell what was found begins with a search, unless the client chose otherwise. */
function firstChoice({ toolChoice = 'auto' }: ChatRequest, { grounding }: Toolbox): ToolChoice {
  return grounding && toolChoice === 'auto' ? { type: 'function', function: { name: 'file_search' } } : toolChoice;
}

/** Tools and messages change from turn to turn: the agent puts them in. */
function withoutConversation({
  messages: _,
  tools: __,
  toolChoice: ___,
  ...request
}: ChatRequest): AgentInput['request'] {
  return request;
}
