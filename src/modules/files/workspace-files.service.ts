import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { newId } from '@libs/kernel';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { SendableContent } from './content/send-content.js';
import { fileLimitBytes } from './file-limit.js';
import { distinctName, toWorkspaceName } from './file-name.js';
import { FileUrls } from './file-server/file-urls.js';
import { FilesService } from './files.service.js';
import type { FileRecord, WorkspaceFileKind, WorkspaceFileRecord } from './files.types.js';
import {
  WorkspaceFilesRepository,
  type WorkspaceFileAddress,
  type WorkspaceFileWithFile,
} from './workspace-files.repository.js';

/**
 * The files of workspaces, by the id of a thread or chat completion. Whoever calls has made sure that the workspace is
 * of the scope's project; no call sees entries of another.
 */
@Injectable()
export class WorkspaceFilesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly entries: WorkspaceFilesRepository,
    private readonly files: FilesService,
    private readonly urls: FileUrls,
  ) {}

  /**
   * Puts files into the workspace and gives their entries in the order of the ids. Each gets a name of its own: a second
   * `data.csv` becomes `data_1.csv`. A file that is there already stays as it is. Throws fileNotFound.
   */
  async attach(scope: TenantScope, workspaceId: string, fileIds: readonly string[]): Promise<WorkspaceFileRecord[]> {
    return this.database.transaction(async () => {
      const files = await this.files.getMany(scope, fileIds);
      await this.entries.lockWorkspace(scope, workspaceId);
      const names = await this.entries.namesOf(scope, workspaceId);
      const present = await this.list(scope, workspaceId);
      const byFile = new Map(present.map((entry) => [entry.fileId, entry]));
      const attached: WorkspaceFileRecord[] = [];
      for (const file of files) {
        const name = distinctName(file.filename, names);
        const entry = byFile.get(file.id) ?? (await this.insert(scope, { workspaceId, kind: 'uploaded', name }, file));
        names.add(entry.name);
        byFile.set(file.id, entry);
        attached.push(entry);
      }
      return attached;
    });
  }

  /** Keeps texts as generated files of a workspace. Gives the id of each. */
  textSaver(scope: TenantScope, workspaceId: string): (name: string, text: string) => Promise<string> {
    return async (name, text) => {
      const { fileId } = await this.addGenerated(scope, workspaceId, name, Readable.from([Buffer.from(text)]));
      return fileId;
    };
  }

  /**
   * Keeps a file that code wrote. One of the same name takes the former's place in the workspace as a new file; the
   * former stays a file of its own, for messages that show it. Throws 413 beyond MAX_FILE_SIZE_MB.
   */
  async addGenerated(
    scope: TenantScope,
    workspaceId: string,
    writtenName: string,
    content: Readable,
  ): Promise<WorkspaceFileRecord> {
    const name = toWorkspaceName(writtenName);
    const address: WorkspaceFileAddress = { workspaceId, kind: 'generated', name };
    const stored = await this.files.storeContent(content, fileLimitBytes(this.config));
    try {
      return await this.database.transaction(async () => {
        const attributes = { filename: name, purpose: 'assistants_output' as const };
        const file = await this.files.createFromStored(scope, stored, attributes);
        await this.entries.lockWorkspace(scope, workspaceId);
        await this.entries.removeEntry(scope, address);
        return this.insert(scope, address, file);
      });
    } catch (error) {
      await this.files.discardContent(stored);
      throw error;
    }
  }

  /** Uploaded files first, then generated ones, each in the order they came; every URL signed anew. */
  async list(scope: TenantScope, workspaceId: string): Promise<WorkspaceFileRecord[]> {
    const entries = await this.entries.listWithFiles(scope, workspaceId);
    return entries.map((entry) => this.toRecord(entry));
  }

  /** A URL with a fresh time to live for an entry. */
  signedUrl(workspaceId: string, entry: { kind: WorkspaceFileKind; name: string }): string {
    return this.urls.urlOf({ workspaceId, kind: entry.kind, name: entry.name });
  }

  /** Forgets the workspace's entries; their URLs end. The files themselves stay, as on OpenAI's wire. */
  async removeWorkspace(scope: TenantScope, workspaceId: string): Promise<void> {
    await this.entries.removeAll(scope, workspaceId);
  }

  /** What a URL gives access to whose signature was checked. Undefined where it is gone. */
  async findSignedContent(address: WorkspaceFileAddress): Promise<SendableContent | undefined> {
    const entry = await this.entries.findSigned(address);
    if (entry === null) return undefined;
    const { bytes, sha256 } = entry.file;
    const scope: TenantScope = { projectId: entry.projectId };
    const open: SendableContent['open'] = async (range) =>
      (await this.files.openContent(scope, entry.fileId, range)).stream;
    return { filename: entry.file.filename, bytes, sha256, open };
  }

  private async insert(
    scope: TenantScope,
    address: WorkspaceFileAddress,
    file: FileRecord,
  ): Promise<WorkspaceFileRecord> {
    const row = await this.entries.insert(scope, { id: newId('workspaceFile'), fileId: file.id, ...address });
    return {
      fileId: file.id,
      kind: row.kind,
      name: row.name,
      bytes: file.bytes,
      createdAt: row.createdAt,
      url: this.urls.urlOf(address),
    };
  }

  private toRecord(entry: WorkspaceFileWithFile): WorkspaceFileRecord {
    const { fileId, kind, name, createdAt } = entry;
    return { fileId, kind, name, bytes: entry.file.bytes, createdAt, url: this.urls.urlOf(entry) };
  }
}
