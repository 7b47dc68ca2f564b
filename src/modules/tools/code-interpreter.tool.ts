import { extname } from 'node:path';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import type { SandboxEvent } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import type { HeldSession, SandboxSessions } from '../sandbox/index.js';
import { executionReport, statusText } from './execution-report.js';
import type { WorkspaceSync } from './workspace-sync.js';

/** What came before in the conversation, whichever process it ran in. */
export interface CodeHistory {
  /** The model's id for the last call of this tool that was completed; null if there was none. */
  lastCall(): Promise<string | null>;
}

export interface CodeInterpreterParts {
  sessions: SandboxSessions;
  files: WorkspaceSync;
  /** What the model is told of the tool. */
  description: string;
}

export interface CodeWorkspace {
  id: string;
  /** Of a conversation that outlives the tools; its session stays. Without it the session ends with the tools. */
  history?: CodeHistory | undefined;
}

const IMAGE_EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp']);
const BAD_ARGUMENTS = 'The arguments must be a JSON object with the Python code as the string "code".';

/** Runs the model's Python in the workspace's session. */
export class CodeInterpreterTool implements Tool {
  readonly kind = 'code_interpreter';
  readonly shownArgument = 'code';
  readonly definition;
  /** Whether these tools have run code before: the session is then what they know it to be. */
  private hasRun = false;

  constructor(
    private readonly parts: CodeInterpreterParts,
    private readonly scope: TenantScope,
    private readonly workspace: CodeWorkspace,
  ) {
    this.definition = {
      name: 'code_interpreter',
      description: parts.description,
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
      // It is part of the conversation all the same, and changed nothing.
      await this.parts.sessions.noteCall(this.scope, this.workspace.id, call.id);
      yield { type: 'result', content: BAD_ARGUMENTS };
      return;
    }
    const { held, isLost } = await this.hold(signal);
    try {
      await this.parts.files.placeNew(held);
      held.ledger.noteCall(call.id);
      this.hasRun = true;
      yield* this.runCode(held, code, isLost, signal);
    } finally {
      held.release();
    }
  }

  /** Ends the session, unless the conversation goes on. What it wrote was kept after each call. */
  async dispose(): Promise<void> {
    if (this.workspace.history === undefined) await this.parts.sessions.endOf(this.scope, this.workspace.id);
  }

  /**
   * The session that the model believes in, or a new one. `isLost`: there was another before. A session is out of date
   * if the conversation went on in another one meanwhile.
   */
  private async hold(signal: AbortSignal): Promise<{ held: HeldSession; isLost: boolean }> {
    const { sessions } = this.parts;
    const held = await sessions.hold(this.scope, this.workspace.id, signal);
    if (this.hasRun) return { held, isLost: held.ledger.isUnused };
    const last = await this.lastCall(held);
    if (last === null || held.ledger.hasRun(last)) return { held, isLost: false };
    if (held.ledger.isUnused) return { held, isLost: true };
    await sessions.endOf(this.scope, this.workspace.id);
    held.release();
    return { held: await sessions.hold(this.scope, this.workspace.id, signal), isLost: true };
  }

  private async lastCall(held: HeldSession): Promise<string | null> {
    try {
      return (await this.workspace.history?.lastCall()) ?? null;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  private async *runCode(
    held: HeldSession,
    code: string,
    isLost: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<ToolEvent> {
    let logs = '';
    const written: { name: string; bytes: number }[] = [];
    for await (const raw of held.session.run(code, { signal })) {
      const event = raw.type === 'done' ? { ...raw, stateLost: raw.stateLost || isLost } : raw;
      const text = textOf(event);
      if (text !== '') {
        logs += text;
        yield { type: 'output', output: { type: 'logs', logs: text } };
      }
      if (event.type === 'file') written.push({ name: event.name, bytes: event.bytes });
      if (event.type !== 'done') continue;
      yield* this.keepFiles(held, written);
      yield { type: 'result', content: executionReport(logs, written, event) };
    }
  }

  private async *keepFiles(held: HeldSession, written: readonly { name: string }[]): AsyncGenerator<ToolEvent> {
    for (const { name } of written) {
      const kept = await this.parts.files.keep(held, name);
      if (kept === null) continue;
      const isImage = IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
      yield { type: 'file', ...kept, isImage };
      if (isImage) yield { type: 'output', output: { type: 'image', fileId: kept.fileId } };
    }
  }
}

/** What of an event is part of the logs. A final word on a call that ended badly is, too. */
function textOf(event: SandboxEvent): string {
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
      return '';
  }
}
