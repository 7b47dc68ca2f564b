import {
  ContextWindow,
  createAnswerCheck,
  type AgentBounds,
  type AgentInput,
  type CountTokens,
  type Prompts,
  type ReportOptions,
  type Tracer,
} from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { ChatModel, ModelSettings, ResponseFormat, ToolChoice } from '@libs/llm';
import type { ResponseFormatOption, ToolChoiceOption } from '@libs/openai-wire';
import type { MessageRecord } from '../threads/index.js';
import type { Toolbox } from '../tools/index.js';
import { toConversation, type VisibleImages } from './conversation.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

export interface RunLimits {
  defaultTemperature: number;
  maxNewTokens: number;
  maxToolRounds: number;
  bounds?: AgentBounds;
  prompts?: Prompts;
  tracer?: Tracer | undefined;
}

export interface RunInputParts {
  run: RunRecord;
  messages: MessageRecord[];
  /** What the run has done before, if it goes on. */
  steps: RunStepRecord[];
  toolbox: Toolbox;
  images: VisibleImages;
  model: ModelOfRun;
  limits: RunLimits;
  /** Keeps the report of a run in tags. */
  saveReport?: ReportOptions['save'];
  /** What the run belongs to in the trace of who asked for it. */
  traceparent?: string | undefined;
}

export interface ModelOfRun {
  chat: ChatModel;
  /** Tokens, prompt and answer together; undefined where nobody knows. */
  contextSize: number | undefined;
  countTokens: CountTokens;
  /** What the administrator says of it. */
  settings?: Pick<ModelSettings, 'protocol' | 'thinksFirst'>;
}

/** A run as the agent takes it. */
export function toAgentInput(parts: RunInputParts): AgentInput {
  const { run, messages, steps, toolbox, images, model, limits } = parts;
  const conversation = toConversation(run.instructions ?? '', newestOf(messages, run), steps, images);
  const { responseFormat } = toResponseFormat(run.responseFormat);
  return {
    model: model.chat,
    answerCheck: createAnswerCheck(responseFormat),
    request: {
      model: run.model,
      temperature: run.temperature ?? limits.defaultTemperature,
      maxTokens: limits.maxNewTokens,
      parallelToolCalls: run.parallelToolCalls,
      ...(run.topP === null ? {} : { topP: run.topP }),
      ...(run.reasoningEffort === null ? {} : { reasoningEffort: run.reasoningEffort }),
      ...toResponseFormat(run.responseFormat),
    },
    messages: conversation.messages,
    countTokens: model.countTokens,
    contextWindow: new ContextWindow({
      contextSize: model.contextSize,
      maxPromptTokens: run.maxPromptTokens === null ? undefined : run.maxPromptTokens - spentOn(steps, 'promptTokens'),
      droppable: conversation.droppable,
      count: model.countTokens,
    }),
    tools: toolbox.tools,
    toolPrompt: toolbox.prompt,
    toolChoice: steps.some(isFinishedToolStep) ? 'auto' : toToolChoice(firstChoice(run, toolbox)),
    maxToolRounds: limits.maxToolRounds,
    ...(run.maxCompletionTokens === null
      ? {}
      : { maxCompletionTokens: run.maxCompletionTokens - spentOn(steps, 'completionTokens') }),
    files: toolbox.files,
    dataFiles: toolbox.dataFiles,
    ...agentOf(parts),
    ...tracingOf(parts),
    ...(toolbox.sources ? { sources: toolbox.sources } : {}),
    ...(toolbox.grounding ? { grounding: toolbox.grounding } : {}),
    pendingImages: imagesNotShown(steps),
  };
}

function agentOf({ run, model, limits, saveReport }: RunInputParts): Partial<AgentInput> {
  return {
    ...(run.agentType === null ? {} : { agent: run.agentType }),
    ...(model.settings?.protocol ? { protocol: model.settings.protocol } : {}),
    ...(model.settings?.thinksFirst ? { thinksFirst: true } : {}),
    ...(limits.bounds ? { bounds: limits.bounds } : {}),
    ...(limits.prompts ? { prompts: limits.prompts } : {}),
    ...(saveReport ? { report: { prefix: 'Report', listsFiles: true, save: saveReport } } : {}),
  };
}

function tracingOf({ run, limits: { tracer }, traceparent }: RunInputParts): Pick<AgentInput, 'tracing'> {
  if (!tracer) return {};
  const parent = traceparent === undefined ? {} : { parent: traceparent };
  return { tracing: { tracer, runId: run.id, threadId: run.threadId, ...parent } };
}

/** Who may only tell what was found begins with a search, unless the client chose otherwise. */
function firstChoice({ toolChoice }: RunRecord, { grounding }: Toolbox): ToolChoiceOption {
  return grounding && toolChoice === 'auto' ? { type: 'file_search' } : toolChoice;
}

function spentOn(steps: RunStepRecord[], kind: 'promptTokens' | 'completionTokens'): number {
  return steps.reduce((sum, step) => sum + (step.usage?.[kind] ?? 0), 0);
}

/** The run's own messages do not count among the last ones of the thread. */
function newestOf(messages: MessageRecord[], { id, truncationStrategy }: RunRecord): MessageRecord[] {
  const { type, last_messages } = truncationStrategy;
  if (type !== 'last_messages' || last_messages === null) return messages;
  const own = messages.filter((message) => message.runId === id);
  return [...messages.filter((message) => message.runId !== id).slice(-last_messages), ...own];
}

function toResponseFormat(option: ResponseFormatOption): { responseFormat?: ResponseFormat } {
  return option === 'auto' ? {} : { responseFormat: option };
}

/** The wire names built-in tools by their type; the model knows each as a function of that name. */
function toToolChoice(option: ToolChoiceOption): ToolChoice {
  if (typeof option === 'string') return option;
  switch (option.type) {
    case 'function':
      return { type: 'function', function: { name: option.function?.name ?? '' } };
    case 'code_interpreter':
    case 'file_search':
      return { type: 'function', function: { name: option.type } };
    default:
      return assertNever(option.type);
  }
}

/** The first turn that called a tool has met the request's choice. */
function isFinishedToolStep({ type, status }: RunStepRecord): boolean {
  return type === 'tool_calls' && status === 'completed';
}

/** Images of the steps since the last message that the run finished: one that was cut off has shown none. */
function imagesNotShown(steps: RunStepRecord[]): string[] {
  const lastMessage = steps.findLastIndex(({ type, status }) => type === 'message_creation' && status === 'completed');
  return steps
    .slice(lastMessage + 1)
    .flatMap((step) => step.toolCalls)
    .flatMap((call) => call.outputs.flatMap((output) => (output.type === 'image' ? [output.fileId] : [])));
}
