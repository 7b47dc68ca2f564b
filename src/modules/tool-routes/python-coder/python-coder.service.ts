import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { newId } from '@libs/kernel';
import { SandboxError } from '@libs/sandbox';
import { CONFIG } from '../../../common/config.token.js';
import type { TenantScope } from '../../../common/principal.js';
import { WorkspaceFilesService } from '../../files/index.js';
import { ToolsService } from '../../tools/index.js';
import { secondsSince, type ToolOutcome } from '../tool-response.js';
import { CodeReport } from './code-report.js';
import { CodeWorkspaces, type NamedWorkspace } from './code-workspaces.js';

export interface AskedCode {
  /** As the client names the workspace. */
  session: string;
  code: string;
  timeoutSeconds: number | undefined;
}

/** Runs a client's own Python in its project's workspaces. */
@Injectable()
export class PythonCoderService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'CODE_EXECUTION_TIMEOUT'>,
    private readonly tools: ToolsService,
    private readonly workspaces: CodeWorkspaces,
    private readonly files: WorkspaceFilesService,
  ) {}

  async run(scope: TenantScope, { session, ...asked }: AskedCode, signal: AbortSignal): Promise<ToolOutcome> {
    const workspace = await this.workspaces.find(scope, session);
    const start = performance.now();
    const report = await this.runIn(scope, workspace, asked, signal);
    const metadata = { code_execution_time: secondsSince(start) };
    return { ...report.build(await this.files.list(scope, workspace.id)), metadata };
  }

  private async runIn(
    scope: TenantScope,
    workspace: NamedWorkspace,
    { code, timeoutSeconds = Infinity }: Omit<AskedCode, 'session'>,
    signal: AbortSignal,
  ): Promise<CodeReport> {
    const report = new CodeReport();
    const timeoutMs = Math.min(timeoutSeconds, this.config.CODE_EXECUTION_TIMEOUT) * 1000;
    const call = { id: newId('toolCall'), code, timeoutMs };
    try {
      for await (const event of this.tools.codeSession(scope, workspace).run(call, signal)) report.add(event);
      await workspace.noteCall(call.id);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      report.fail(error.message);
    }
    return report;
  }
}
