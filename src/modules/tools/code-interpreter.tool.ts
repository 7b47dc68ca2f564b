import { extname } from 'node:path';
import { Logger } from '@nestjs/common';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import { SandboxError, type SandboxEvent, type SandboxSession } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import type { FilesService, WorkspaceFilesService } from '../files/index.js';
import type { SandboxService } from '../sandbox/index.js';
import { executionReport, statusText } from './execution-report.js';
import { loadPrompt } from './prompt.js';

export interface CodeInterpreterParts {
  sandbox: SandboxService;
  files: FilesService;
  workspaceFiles: WorkspaceFilesService;
}

const IMAGE_EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp']);
const BAD_ARGUMENTS = 'The arguments must be a JSON object with the Python code as the string "code".';

/** Runs the model's Python in a sandbox session of one workspace; the session begins with the first call. */
export class CodeInterpreterTool implements Tool {
  readonly kind = 'code_interpreter';
  readonly shownArgument = 'code';
  readonly definition = {
    name: 'code_interpreter',
    description: loadPrompt('code-interpreter'),
    parameters: {
      type: 'object',
      properties: { code: { type: 'string', description: 'Python source' } },
      required: ['code'],
      additionalProperties: false,
    },
  };

  private readonly logger = new Logger('Sandbox');
  private session: Promise<SandboxSession> | null = null;

  constructor(
    private readonly parts: CodeInterpreterParts,
    private readonly scope: TenantScope,
    private readonly workspaceId: string,
  ) {}

  async *execute(call: ToolCall, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const code = parseObject(call.arguments)?.['code'];
    if (typeof code !== 'string') {
      yield { type: 'result', content: BAD_ARGUMENTS };
      return;
    }
    this.session ??= this.openSession();
    const session = await this.session;
    yield* this.runCode(session, code, signal);
  }

  /** Ends the session; what it wrote was kept after each call. */
  async dispose(): Promise<void> {
    const session = await this.session?.catch(() => null);
    await session?.dispose();
  }

  private async *runCode(session: SandboxSession, code: string, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    let logs = '';
    const written: { name: string; bytes: number }[] = [];
    for await (const event of session.run(code, { signal })) {
      const text = textOf(event);
      if (text !== '') {
        logs += text;
        yield { type: 'output', output: { type: 'logs', logs: text } };
      }
      if (event.type === 'file') written.push({ name: event.name, bytes: event.bytes });
      if (event.type !== 'done') continue;
      yield* this.keepFiles(session, written);
      yield { type: 'result', content: executionReport(logs, written, event) };
    }
  }

  private async *keepFiles(session: SandboxSession, written: readonly { name: string }[]): AsyncGenerator<ToolEvent> {
    for (const { name } of written) {
      const { stream } = await session.openFile(name);
      const { fileId } = await this.parts.workspaceFiles.addGenerated(this.scope, this.workspaceId, name, stream);
      const isImage = IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
      yield { type: 'file', name, fileId, isImage };
      if (isImage) yield { type: 'output', output: { type: 'image', fileId } };
    }
  }

  private async openSession(): Promise<SandboxSession> {
    const session = await this.parts.sandbox.acquire(this.scope, this.workspaceId);
    try {
      const entries = await this.parts.workspaceFiles.list(this.scope, this.workspaceId);
      for (const entry of entries) await this.placeFile(session, entry);
      return session;
    } catch (error) {
      await session.dispose();
      throw error;
    }
  }

  /** A name that the sandbox refuses keeps its file out; the other files are there all the same. */
  private async placeFile(session: SandboxSession, { name, fileId }: { name: string; fileId: string }): Promise<void> {
    const { stream } = await this.parts.files.openContent(this.scope, fileId);
    try {
      await session.putFile(name, stream);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.logger.warn(`A file is not in the sandbox: ${error.message}`);
    } finally {
      stream.destroy();
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
