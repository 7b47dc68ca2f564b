import { Logger } from '@nestjs/common';
import { SandboxError } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import type { FilesService, WorkspaceFilesService } from '../files/index.js';
import type { HeldSession } from '../sandbox/index.js';

export interface KeptFile {
  name: string;
  fileId: string;
}

/** Keeps the files of a session and the stored ones of its workspace the same. */
export class WorkspaceSync {
  private readonly logger = new Logger('Sandbox');

  constructor(
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly scope: TenantScope,
    private readonly workspaceId: string,
  ) {}

  /** Puts in what the workspace has and the session has not: all at first, then what was added or replaced. */
  async placeNew({ ledger, session }: HeldSession): Promise<void> {
    // Uploaded files come first: a generated one of the same name is the newer state of it.
    for (const { kind, name, fileId } of await this.workspaceFiles.list(this.scope, this.workspaceId)) {
      const place = placeOf(kind, name);
      if (ledger.placed.get(place) === fileId) continue;
      await this.place(session, name, fileId);
      ledger.placed.set(place, fileId);
    }
  }

  /** Stores a file that the code wrote. Null where the code, or the session's end, took it away meanwhile. */
  async keep({ ledger, session }: HeldSession, writtenName: string): Promise<KeptFile | null> {
    const opened = await session.openFile(writtenName).catch(this.missing);
    if (opened === null) return null;
    const entry = await this.workspaceFiles
      .addGenerated(this.scope, this.workspaceId, writtenName, opened.stream)
      .catch(this.missing);
    if (entry === null) return null;
    ledger.placed.set(placeOf(entry.kind, entry.name), entry.fileId);
    return { name: writtenName, fileId: entry.fileId };
  }

  /** A name that the sandbox refuses keeps its file out; the other files are there all the same. */
  private async place(session: HeldSession['session'], name: string, fileId: string): Promise<void> {
    const { stream } = await this.files.openContent(this.scope, fileId);
    try {
      await session.putFile(name, stream);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.logger.warn(`A file is not in the sandbox: ${error.message}`);
    } finally {
      stream.destroy();
    }
  }

  private readonly missing = (error: unknown): null => {
    if (!(error instanceof SandboxError)) throw error;
    this.logger.warn(`A file that code wrote was not kept: ${error.message}`);
    return null;
  };
}

function placeOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
