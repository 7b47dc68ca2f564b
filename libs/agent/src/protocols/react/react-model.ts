import { newId } from '@libs/kernel';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest, FunctionDefinition } from '@libs/llm';
import { readText } from '../../model-layers/text-layer.js';
import { describeForm } from '../../describe-form.js';
import type { Prompts } from '../../prompts.js';
import { isObject, parseLeniently } from '../../written-calls/parse-leniently.js';
import { argumentNames } from '../../written-calls/written-call.js';
import { toReactMessages } from './react-messages.js';
import { ReactStream, type ReactAction } from './react-stream.js';

/** Where the model would go on with a result of its own making. */
const STOP = '\nObservation:';

/** Tools for models without any: they write `Thought`, `Action` and `Action Input`, and read `Observation`. */
export class ReactModel implements ChatModel {
  /** What was thought before each call: deltas tell it apart from what is said. */
  private readonly thoughts = new Map<string, string>();

  constructor(
    private readonly model: ChatModel,
    private readonly prompts: Prompts,
  ) {}

  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta> {
    // A server that sees to the form lets the model write neither thoughts nor actions.
    const { tools = [], toolChoice, responseFormat, ...rest } = request;
    if (tools.length === 0) return this.model.stream(request, options);
    const messages = toReactMessages(request.messages, tools, this.prompts, {
      mustAnswer: toolChoice === 'none',
      thoughts: this.thoughts,
      form: describeForm(responseFormat, this.prompts),
    });
    const stream: ReactStream = new ReactStream((action, isCut) => {
      const definition = tools.find(({ name }) => name === action.name);
      return this.toCall(action, isCut ? action.input : toArguments(action.input, definition), stream.thought);
    });
    const asked = { ...rest, messages, stop: [...(request.stop ?? []), STOP] };
    return readText(this.model.stream(asked, options), stream);
  }

  private toCall({ name }: ReactAction, given: string, thought: string): ChatDelta[] {
    const id = newId('toolCall');
    this.thoughts.set(id, thought);
    return [
      { type: 'tool-call-start', index: 0, id, name },
      { type: 'tool-call-arguments', index: 0, fragment: given },
    ];
  }
}

/** A JSON object is taken as it is; anything else is the one argument that the tool cannot do without. */
function toArguments(written: string, definition: FunctionDefinition | undefined): string {
  const input = withoutFence(written.trim());
  if (input.startsWith('{')) {
    const parsed = parseLeniently(input);
    if (isObject(parsed)) return JSON.stringify(parsed);
  }
  const required: unknown = definition?.parameters?.['required'];
  const [name] = Array.isArray(required) && required.length > 0 ? (required as unknown[]) : argumentNames(definition);
  return typeof name === 'string' && input !== '' ? JSON.stringify({ [name]: withoutQuotes(input) }) : input;
}

function withoutFence(text: string): string {
  return /^```\w*\n([\s\S]*?)\n?```$/.exec(text)?.[1] ?? text;
}

function withoutQuotes(text: string): string {
  return /^"([^"\n]*)"$/.exec(text)?.[1] ?? text;
}
