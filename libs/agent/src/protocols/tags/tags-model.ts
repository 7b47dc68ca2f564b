import { ModelError, type CallOptions, type ChatDelta, type ChatModel, type ChatRequest } from '@libs/llm';
import type { DataFile } from '../../agent-input.js';
import { readText } from '../../model-layers/text-layer.js';
import type { Prompts } from '../../prompts.js';
import { tellsOf } from '../protocol.js';
import { reminder } from '../../reminder.js';
import { TagStream } from './tag-stream.js';
import { toTagMessages, type ExecuteRole } from './tag-messages.js';

/** Where turns end: servers that lose the tokens of the tags still know their text. */
const STOPS = ['</Code>', '</Answer>'];
/** Turns that only analyse, in a row, after which the model is not asked to go on. */
const MOST_CONTINUATIONS = 2;

/** DeepAnalyze's protocol: `<Analyze> <Understand> <Code> <Answer>`. The only tool it knows is the interpreter. */
export class TagsModel implements ChatModel {
  private role: ExecuteRole = 'execute';

  constructor(
    private readonly model: ChatModel,
    private readonly prompts: Prompts,
    private readonly files: readonly DataFile[],
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    const { tools = [], toolChoice, ...rest } = request;
    const runsCode = tools.some(({ name }) => tellsOf('tags', name));
    let messages = request.messages;
    if (toolChoice === 'none' && runsCode) messages = [...messages, reminder(this.prompts.get('tags-answer-now'))];
    for (let turns = 0; ; turns += 1) {
      const tags = new TagStream();
      const asked = { ...rest, messages, ...(runsCode ? { stop: [...(request.stop ?? []), ...STOPS] } : {}) };
      let finish: ChatDelta | undefined;
      for await (const delta of this.ask(asked, runsCode ? tags : null, options)) {
        if (delta.type === 'finish') finish = delta;
        else yield delta;
      }
      const isUnfinished = tags.hasSection && !tags.hasCode && !tags.hasAnswer && isStop(finish);
      if (!isUnfinished || turns >= MOST_CONTINUATIONS) {
        if (finish) yield finish;
        return;
      }
      messages = [...messages, { role: 'assistant', content: tags.said }, reminder(this.prompts.get('tags-continue'))];
    }
  }

  /** A server whose template has no role `execute` refuses it; it gets the results as a user's words from then on. */
  private async *ask(request: ChatRequest, tags: TagStream | null, options?: CallOptions): AsyncGenerator<ChatDelta> {
    let begun = false;
    try {
      for await (const delta of this.askAs(this.role, request, tags, options)) {
        begun = true;
        yield delta;
      }
    } catch (error) {
      const isRefused = error instanceof ModelError && error.kind === 'rejected';
      const bearsRole = request.messages.some(({ role }) => role === 'tool');
      if (begun || !isRefused || !bearsRole || this.role === 'user') throw error;
      this.role = 'user';
      yield* this.askAs(this.role, request, tags, options);
    }
  }

  private askAs(
    role: ExecuteRole,
    request: ChatRequest,
    tags: TagStream | null,
    options?: CallOptions,
  ): AsyncIterable<ChatDelta> {
    const messages = toTagMessages(request.messages, this.files, this.prompts, role);
    const deltas = this.model.stream({ ...request, messages }, options);
    return tags ? readText(deltas, tags) : deltas;
  }
}

function isStop(finish: ChatDelta | undefined): boolean {
  return finish?.type === 'finish' && finish.reason === 'stop';
}
