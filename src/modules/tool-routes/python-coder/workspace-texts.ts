import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { DetailError } from '../../../common/errors/index.js';
import { bodyLimit } from '../../../common/http/index.js';
import type { TenantScope } from '../../../common/principal.js';
import { FilesService, WorkspaceFilesService, type WorkspaceFileRecord } from '../../files/index.js';
import { CodeWorkspaces } from './code-workspaces.js';

export interface WorkspaceText {
  fileId: string;
  content: string;
  encoding: 'utf-8' | 'base64';
}

/** The files of workspaces as texts. */
@Injectable()
export class WorkspaceTexts {
  private readonly mostBytes: number;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'MAX_BODY_SIZE_MB'>,
    private readonly workspaces: CodeWorkspaces,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly files: FilesService,
  ) {
    this.mostBytes = bodyLimit(config.MAX_BODY_SIZE_MB);
  }

  async names(scope: TenantScope, session: string): Promise<string[]> {
    return [...(await this.byName(scope, session)).keys()];
  }

  /** Throws 404, and 413 for what is too large to be one text. */
  async read(scope: TenantScope, session: string, name: string): Promise<WorkspaceText> {
    const file = (await this.byName(scope, session)).get(name);
    if (!file) throw new DetailError(404, `File '${name}' not found in workspace`);
    if (file.bytes > this.mostBytes) {
      throw new DetailError(413, `The file is too large to be read here. GET /v1/files/${file.fileId}/content has it.`);
    }
    const { stream } = await this.files.openContent(scope, file.fileId);
    return { fileId: file.fileId, ...toText(Buffer.concat((await stream.toArray()) as Buffer[])) };
  }

  /** Of one name the last counts: a generated file is the newer state of an uploaded one. */
  private async byName(scope: TenantScope, session: string): Promise<Map<string, WorkspaceFileRecord>> {
    const { id } = await this.workspaces.find(scope, session);
    return new Map((await this.workspaceFiles.list(scope, id)).map((file) => [file.name, file]));
  }
}

function toText(bytes: Buffer): Pick<WorkspaceText, 'content' | 'encoding'> {
  try {
    const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { content, encoding: 'utf-8' };
  } catch {
    return { content: bytes.toString('base64'), encoding: 'base64' };
  }
}
