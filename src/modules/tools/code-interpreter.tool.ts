import { extname } from 'node:path';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { CodeEvent, CodeSession } from './code-session.js';
import { executionReport, statusText } from './execution-report.js';
import type { KeptFile } from './workspace-sync.js';

const IMAGE_EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp']);
const BAD_ARGUMENTS = 'The arguments must be a JSON object with the Python code as the string "code".';

/** Runs the model's Python in the workspace's session. */
export class CodeInterpreterTool implements Tool {
  readonly kind = 'code_interpreter';
  readonly shownArgument = 'code';
  readonly definition;

  /** @param description what the model is told of the tool */
  constructor(
    private readonly session: CodeSession,
    description: string,
  ) {
    this.definition = {
      name: 'code_interpreter',
      description,
      parameters: {
        type: 'object',
        properties: { code: { type: 'string', description: 'Python source' } },
        required: ['code'],
        additionalProperties: false,
      },
    };
  }

  async *execute(call: ToolCall, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const code = parseObject(call.arguments)?.['code'];
    if (typeof code !== 'string') {
      await this.session.noteCall(call.id);
      yield { type: 'result', content: BAD_ARGUMENTS };
      return;
    }
    let logs = '';
    const written: { name: string; bytes: number }[] = [];
    let end: Extract<CodeEvent, { type: 'done' }> | undefined;
    for await (const event of this.session.run({ id: call.id, code }, signal)) {
      const text = textOf(event);
      if (text !== '') {
        logs += text;
        yield { type: 'output', output: { type: 'logs', logs: text } };
      }
      if (event.type === 'file') written.push({ name: event.name, bytes: event.bytes });
      if (event.type === 'done') end = event;
      if (event.type === 'kept') yield* showFile(event);
    }
    if (end === undefined) throw new Error('The code came to no end.');
    yield { type: 'result', content: executionReport(logs, written, end) };
  }

  /** Ends the session, unless the conversation goes on. */
  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

function* showFile({ name, fileId }: KeptFile): Generator<ToolEvent> {
  const isImage = IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
  yield { type: 'file', name, fileId, isImage };
  if (isImage) yield { type: 'output', output: { type: 'image', fileId } };
}

/** What of an event is part of the logs. A final word on a call that ended badly is, too. */
function textOf(event: CodeEvent): string {
  switch (event.type) {
    case 'stdout':
    case 'stderr':
    case 'result':
      return event.text;
    case 'done': {
      const status = statusText(event);
      return status === null ? '' : `${status}\n`;
    }
    case 'image':
    case 'file':
    case 'kept':
      return '';
    default:
      return assertNever(event);
  }
}
