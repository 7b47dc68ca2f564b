import type { AgentInput } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { ChatModel, ResponseFormat, ToolChoice } from '@libs/llm';
import type { ResponseFormatOption, ToolChoiceOption } from '@libs/openai-wire';
import type { MessageRecord } from '../threads/index.js';
import type { Toolbox } from '../tools/index.js';
import { toConversation } from './conversation.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

export interface RunLimits {
  defaultTemperature: number;
  maxNewTokens: number;
  maxToolRounds: number;
}

export interface RunInputParts {
  run: RunRecord;
  messages: MessageRecord[];
  /** What the run has done before, if it goes on. */
  steps: RunStepRecord[];
  toolbox: Toolbox;
  model: ChatModel;
  limits: RunLimits;
}

/** A run as the agent takes it. */
export function toAgentInput({ run, messages, steps, toolbox, model, limits }: RunInputParts): AgentInput {
  const instructions = [run.instructions ?? '', toolbox.prompt].filter((part) => part !== '').join('\n\n');
  const spent = steps.reduce((sum, step) => sum + (step.usage?.completionTokens ?? 0), 0);
  return {
    model,
    request: {
      model: run.model,
      temperature: run.temperature ?? limits.defaultTemperature,
      maxTokens: limits.maxNewTokens,
      parallelToolCalls: run.parallelToolCalls,
      ...(run.topP === null ? {} : { topP: run.topP }),
      ...(run.reasoningEffort === null ? {} : { reasoningEffort: run.reasoningEffort }),
      ...toResponseFormat(run.responseFormat),
    },
    messages: toConversation(instructions, messages, steps),
    tools: toolbox.tools,
    toolChoice: steps.length > 0 ? 'auto' : toToolChoice(run.toolChoice),
    maxToolRounds: limits.maxToolRounds,
    ...(run.maxCompletionTokens === null ? {} : { maxCompletionTokens: run.maxCompletionTokens - spent }),
    files: toolbox.files,
    pendingImages: imagesNotShown(steps),
  };
}

function toResponseFormat(option: ResponseFormatOption): { responseFormat?: ResponseFormat } {
  return option === 'auto' ? {} : { responseFormat: option as ResponseFormat };
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

/** Images of the steps since the run's last message. */
function imagesNotShown(steps: RunStepRecord[]): string[] {
  const lastMessage = steps.findLastIndex((step) => step.type === 'message_creation');
  return steps
    .slice(lastMessage + 1)
    .flatMap((step) => step.toolCalls)
    .flatMap((call) => call.outputs.flatMap((output) => (output.type === 'image' ? [output.fileId] : [])));
}
