import type { AgentEvent, ClientToolCall } from '@libs/agent';
import { addUsage, NO_USAGE } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { TokenUsage } from '@libs/llm';

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
}

export type ChatFinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls';

type Block = 'none' | 'code' | 'execute';

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
  /** The calls of one round count from 0, the interpreter's included; the client sees its own functions only. */
  private readonly functionIndexes: number[] = [];
  private pending: GeneratedFile[] = [];

  /** @param urlOf the signed URL of a file that the code wrote */
  constructor(private readonly urlOf: (fileId: string) => string) {}

  apply(event: AgentEvent): ChatDeltaParts | null {
    switch (event.type) {
      case 'text-delta':
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
        return this.block === 'code' ? { content: event.fragment } : this.functionArguments(event);
      case 'tool-output-delta':
        return event.output.type === 'logs' ? { content: this.open('execute') + event.output.logs } : null;
      case 'tool-call-completed':
        return { content: this.open('execute') + this.open('none') };
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
    return link?.text === text ? this.urlOf(link.fileId) : text;
  }

  private startCall({ kind, index, id, name }: Extract<AgentEvent, { type: 'tool-call-started' }>): ChatDeltaParts {
    if (kind !== 'function') return { content: this.open('code') };
    this.functionIndexes.push(index);
    const place = this.functionIndexes.length - 1;
    return { tool_calls: [{ index: place, id, type: 'function', function: { name, arguments: '' } }] };
  }

  private functionArguments({ index, fragment }: { index: number; fragment: string }): ChatDeltaParts {
    return { tool_calls: [{ index: this.functionIndexes.indexOf(index), function: { arguments: fragment } }] };
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
    return closing === '' ? null : { content: closing };
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
  private readonly calls: ClientToolCall[] = [];

  add(parts: ChatDeltaParts): void {
    this.content += parts.content ?? '';
    this.refusal += parts.refusal ?? '';
    this.reasoning += parts.reasoning_content ?? '';
    for (const { index, id, function: called } of parts.tool_calls ?? []) {
      const call = (this.calls[index] ??= { id: '', name: '', arguments: '' });
      call.id += id ?? '';
      call.name += called.name ?? '';
      call.arguments += called.arguments ?? '';
    }
  }

  build(): Record<string, unknown> {
    const calls = this.calls.filter((call) => call !== undefined);
    return {
      role: 'assistant',
      content: this.content === '' && calls.length > 0 ? null : this.content,
      refusal: this.refusal === '' ? null : this.refusal,
      ...(this.reasoning === '' ? {} : { reasoning_content: this.reasoning }),
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
