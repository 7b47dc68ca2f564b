import { Injectable } from '@nestjs/common';
import type { DataFile, Tool } from '@libs/agent';
import type { AssistantTool } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { SandboxService, SandboxSessions } from '../sandbox/index.js';
import { BuiltInTools } from './built-in/built-in-tools.service.js';
import { codeInterpreterPrompt } from './code-interpreter-prompt.js';
import { CodeInterpreterTool, type CodeHistory } from './code-interpreter.tool.js';
import { workspacePrompt } from './workspace-prompt.js';
import { WorkspaceSync } from './workspace-sync.js';

/** The tools of one run or chat completion, ready to be called. */
export interface Toolbox {
  tools: Tool[];
  /** What the model is told of the tools' surroundings; empty if there is nothing to tell. */
  prompt: string;
  /** Files that links in answers may name: name in the workspace -> file id. */
  files: Map<string, string>;
  /** Files that lie ready for code: those that were uploaded. */
  dataFiles: DataFile[];
  /** Ends whatever the tools hold. */
  dispose(): Promise<void>;
}

@Injectable()
export class ToolsService {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly sessions: SandboxSessions,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly builtIn: BuiltInTools,
  ) {}

  /**
   * Tools work in the workspace that the id names: a thread's, or a chat completion's.
   * @param history of a thread, whose interpreter stays when the tools go
   */
  async open(
    scope: TenantScope,
    workspaceId: string,
    wanted: readonly AssistantTool[],
    history?: CodeHistory,
  ): Promise<Toolbox> {
    const functions = [
      ...(await this.builtIn.open(scope, wanted)),
      ...wanted.flatMap((tool) => (tool.type === 'function' ? [clientTool(tool.function)] : [])),
    ];
    const present = await this.workspaceFiles.list(scope, workspaceId);
    const files = new Map(present.map(({ name, fileId }) => [name, fileId]));
    const dataFiles = present.filter(({ kind }) => kind === 'uploaded').map(({ name, bytes }) => ({ name, bytes }));
    if (!wanted.some((tool) => tool.type === 'code_interpreter')) {
      return { tools: functions, prompt: '', files, dataFiles, dispose: () => Promise.resolve() };
    }
    const description = codeInterpreterPrompt(await this.sandbox.modules());
    const sync = new WorkspaceSync(this.files, this.workspaceFiles, scope, workspaceId);
    const parts = { sessions: this.sessions, files: sync, description };
    const interpreter = new CodeInterpreterTool(parts, scope, { id: workspaceId, history });
    return {
      tools: [interpreter, ...functions],
      prompt: workspacePrompt(present),
      files,
      dataFiles,
      dispose: () => interpreter.dispose(),
    };
  }
}

/** A function that the client runs: it has no `execute`. */
function clientTool(definition: Extract<AssistantTool, { type: 'function' }>['function']): Tool {
  return { kind: 'function', definition };
}
