import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import type { TenantScope } from '../../../common/principal.js';
import { isAbandoned, temporaryName } from '../../../storage/temporary-files.js';
import { FilesService } from '../../files/index.js';

const OWNER_ONLY = 0o700;

/** Files of the store on this machine's disk, for as long as a parser reads them. */
@Injectable()
export class DocumentFiles {
  private readonly folder: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly files: FilesService,
  ) {
    this.folder = join(config.DATA_DIR, 'ingestion');
  }

  /** Makes the folder, and removes what processes that died have left in it. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: OWNER_ONLY });
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && isAbandoned(name, found.mtime)) await rm(path, { recursive: true, force: true });
    }
  }

  /** Throws fileNotFound. The file is gone when the work has ended. */
  async withFile<Result>(
    scope: TenantScope,
    fileId: string,
    signal: AbortSignal,
    work: (file: { path: string; filename: string }) => Promise<Result>,
  ): Promise<Result> {
    const path = join(this.folder, temporaryName(randomBytes(12).toString('hex')));
    const { record, stream } = await this.files.openContent(scope, fileId);
    try {
      await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
      return await work({ path, filename: record.filename });
    } finally {
      await rm(path, { force: true });
    }
  }
}
