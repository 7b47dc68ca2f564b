import type { AgentEvent, ClientToolCall, ToolOutput } from '@libs/agent';
import { addUsage, NO_USAGE } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { TokenUsage } from '@libs/llm';
import { ToolActivities, type ToolActivityDelta } from './tool-activity.js';
import { UrlCitations, type UrlCitation } from './url-citations.js';

/** A file that the code wrote, as the extension `generated_files` shows it. */
export interface GeneratedFile {
  id: string;
  name: string;
  url: string;
}

/** What one chunk of a chat completion adds. */
export interface ChatDeltaParts {
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  tool_calls?: { index: number; id?: string; type?: 'function'; function: { name?: string; arguments?: string } }[];
  /**
   * All of an answer's at its end: of OpenAI's SDKs, the one for Node takes each list for the whole of it, and the one for
   * Python joins only lists whose entries have an index.
   */
  annotations?: UrlCitation[];
  /** Extension. */
  tool_activity?: ToolActivityDelta[];
}

export type ChatFinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls';

type Block = 'none' | 'code' | 'execute';

/** Where the call that is under way is shown. */
type CallPlace = 'text' | 'tool_calls' | 'tool_activity';

/**
 * Folds an agent's events into the deltas of a chat completion. Code and its output stand in the text between the tags
 * that the first seed's clients know: `<Code>`, `<Execute>`, `<File>`.
 */
export class ChatPresenter {
  readonly generatedFiles: GeneratedFile[] = [];
  usage: TokenUsage = NO_USAGE;
  finishReason: ChatFinishReason = 'stop';
  failure: Extract<Extract<AgentEvent, { type: 'finished' }>['outcome'], { type: 'failed' }> | null = null;

  private block: Block = 'none';
  private callPlace: CallPlace = 'text';
  /** Calls of the client's functions, and activities, so far. */
  private functionCount = 0;
  private activityCount = 0;
  private pending: GeneratedFile[] = [];
  private readonly citations = new UrlCitations();

  /** @param urlOf the signed URL of a file that the code wrote */
  constructor(private readonly urlOf: (fileId: string) => string) {}

  apply(event: AgentEvent): ChatDeltaParts | null {
    const delta = this.toDelta(event);
    if (delta?.content !== undefined) this.citations.advance(delta.content);
    return delta;
  }

  private toDelta(event: AgentEvent): ChatDeltaParts | null {
    switch (event.type) {
      case 'text-delta':
        this.citations.note(event);
        return { content: this.linkText(event) };
      case 'refusal-delta':
        return { refusal: event.text };
      case 'reasoning-delta':
        return { reasoning_content: event.text };
      case 'message-completed':
        this.usage = addUsage(this.usage, event.usage);
        return null;
      case 'tool-call-started':
        return this.startCall(event);
      case 'tool-call-delta':
        return this.showInput(event.fragment);
      case 'tool-output-delta':
        return this.showOutput(event.output);
      case 'tool-call-completed':
        return this.completeCall(event.content);
      case 'file-produced':
        this.addFile({ id: event.fileId, name: event.name, url: this.urlOf(event.fileId) });
        return null;
      case 'tools-completed':
        this.usage = addUsage(this.usage, event.usage);
        return this.fileBlock();
      case 'action-required':
        this.usage = addUsage(this.usage, event.usage);
        return null;
      case 'finished':
        this.usage = addUsage(this.usage, event.usage ?? NO_USAGE);
        return this.finish(event.outcome);
      case 'message-started':
      case 'usage-estimated':
      case 'image-added':
        return null;
      default:
        return assertNever(event);
    }
  }

  /** Links into the sandbox become URLs that the reader can open. */
  private linkText({ text, annotations }: Extract<AgentEvent, { type: 'text-delta' }>): string {
    const [link] = annotations;
    return link?.type === 'file_path' && link.text === text ? this.urlOf(link.fileId) : text;
  }

  /** Calls of one round come one after the other, so there is one under way at a time. */
  private startCall({ kind, byClient, id, name }: Extract<AgentEvent, { type: 'tool-call-started' }>): ChatDeltaParts {
    if (byClient) {
      this.callPlace = 'tool_calls';
      const index = this.functionCount++;
      return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] };
    }
    if (kind === 'code_interpreter') {
      this.callPlace = 'text';
      return { content: this.open('code') };
    }
    this.callPlace = 'tool_activity';
    return this.activity({ id, type: kind, name }, this.activityCount++);
  }

  private showInput(fragment: string): ChatDeltaParts {
    switch (this.callPlace) {
      case 'text':
        return { content: fragment };
      case 'tool_calls':
        return { tool_calls: [{ index: this.functionCount - 1, function: { arguments: fragment } }] };
      case 'tool_activity':
        return this.activity({ arguments: fragment });
      default:
        return assertNever(this.callPlace);
    }
  }

  private showOutput(output: ToolOutput): ChatDeltaParts | null {
    if (this.callPlace !== 'text' || output.type !== 'logs') return null;
    return { content: this.open('execute') + output.logs };
  }

  private completeCall(content: string): ChatDeltaParts {
    if (this.callPlace === 'text') return { content: this.open('execute') + this.open('none') };
    return this.activity({ output: content });
  }

  private activity(fields: Omit<ToolActivityDelta, 'index'>, index = this.activityCount - 1): ChatDeltaParts {
    return { tool_activity: [{ index, ...fields }] };
  }

  /** The text that closes the open block and opens the wanted one; nothing if it is open already. */
  private open(wanted: Block): string {
    if (this.block === wanted) return '';
    const closing = { none: '', code: '\n```\n</Code>\n', execute: '\n```\n</Execute>\n' }[this.block];
    const opening = { none: '', code: '\n<Code>\n```python\n', execute: '<Execute>\n```\n' }[wanted];
    this.block = wanted;
    return closing + opening;
  }

  private addFile(file: GeneratedFile): void {
    for (const list of [this.generatedFiles, this.pending]) {
      const place = list.findIndex(({ name }) => name === file.name);
      if (place >= 0) list[place] = file;
      else list.push(file);
    }
  }

  private fileBlock(): ChatDeltaParts | null {
    if (this.pending.length === 0) return null;
    const lines = this.pending.map(
      ({ name, url }) =>
        `- [${escapeLabel(name)}](${url})\n${isImage(name) ? `![${escapeLabel(name)}](${url})\n` : ''}`,
    );
    this.pending = [];
    return { content: `\n<File>\n${lines.join('')}</File>\n\n` };
  }

  private finish(outcome: Extract<AgentEvent, { type: 'finished' }>['outcome']): ChatDeltaParts | null {
    const closing = this.open('none');
    switch (outcome.type) {
      case 'completed':
      case 'aborted':
        break;
      case 'action_required':
        this.finishReason = 'tool_calls';
        break;
      case 'incomplete':
        this.finishReason = outcome.reason === 'content_filter' ? 'content_filter' : 'length';
        break;
      case 'failed':
        this.failure = outcome;
        break;
      default:
        return assertNever(outcome);
    }
    const delta = { ...(closing === '' ? {} : { content: closing }), ...this.citations.toField() };
    return Object.keys(delta).length === 0 ? null : delta;
  }
}

/** File names are the code's to choose: they must not end the link that shows them. */
function escapeLabel(name: string): string {
  return name.replace(/[\\[\]<>`]/g, '\\$&').replace(/[\r\n]/g, ' ');
}

function isImage(name: string): boolean {
  return /\.(png|jpe?g|gif|webp|svg)$/i.test(name);
}

/** Puts deltas together again: the message of an answer that is not streamed. */
export class ChatMessageBuilder {
  private content = '';
  private refusal = '';
  private reasoning = '';
  private readonly annotations: UrlCitation[] = [];
  private readonly calls: ClientToolCall[] = [];
  private readonly activities = new ToolActivities();

  add(parts: ChatDeltaParts): void {
    this.content += parts.content ?? '';
    this.refusal += parts.refusal ?? '';
    this.reasoning += parts.reasoning_content ?? '';
    this.annotations.push(...(parts.annotations ?? []));
    this.activities.add(parts.tool_activity ?? []);
    for (const { index, id, function: called } of parts.tool_calls ?? []) {
      const call = (this.calls[index] ??= { id: '', name: '', arguments: '' });
      call.id += id ?? '';
      call.name += called.name ?? '';
      call.arguments += called.arguments ?? '';
    }
  }

  build(): Record<string, unknown> {
    const calls = this.calls.filter((call) => call !== undefined);
    const saysElse = calls.length > 0 || this.refusal !== '';
    return {
      role: 'assistant',
      content: this.content === '' && saysElse ? null : this.content,
      refusal: this.refusal === '' ? null : this.refusal,
      ...(this.reasoning === '' ? {} : { reasoning_content: this.reasoning }),
      ...(this.annotations.length === 0 ? {} : { annotations: this.annotations }),
      ...this.activities.toField(),
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map(({ id, name, arguments: given }) => ({
              id,
              type: 'function',
              function: { name, arguments: given },
            })),
          }),
    };
  }
}
