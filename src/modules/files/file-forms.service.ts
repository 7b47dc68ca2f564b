import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { invalidRequest } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { fileLimitBytes } from './file-limit.js';
import { fileIsEmpty, fileTooLarge } from './files.errors.js';
import { FilesService } from './files.service.js';
import type { FileRecord, StoredContent } from './files.types.js';
import { drain } from './upload/drain.js';
import { receiveForm, type ReceivedForm } from './upload/receive-form.js';
import { checkUploadField, readUploadForm, unknownField } from './upload/upload-form.js';

/** What a form needs besides the file: boundaries, headers, the other fields. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

/** Makes files of the forms in which they come. */
@Injectable()
export class FileFormsService {
  private readonly limitBytes: number;

  constructor(
    private readonly files: FilesService,
    @Inject(CONFIG) config: Config,
  ) {
    this.limitBytes = fileLimitBytes(config);
  }

  /** Makes a file of a multipart request. Throws 400 and 413, and then has kept nothing. */
  async receive(scope: TenantScope, request: IncomingMessage): Promise<FileRecord> {
    if (Number(request.headers['content-length'] ?? 0) > this.limitBytes + FORM_OVERHEAD_BYTES) {
      drain(request);
      throw fileTooLarge(this.limitBytes);
    }
    const form = await receiveForm<StoredContent>(request, {
      fileField: 'file',
      store: (content) => this.files.storeContent(content, this.limitBytes),
      discard: (stored) => this.files.discardContent(stored),
      checkField: checkUploadField,
      unknownField,
    });
    return this.createFile(scope, form);
  }

  private async createFile(scope: TenantScope, { fields, file }: ReceivedForm<StoredContent>): Promise<FileRecord> {
    if (file === undefined) {
      throw invalidRequest("'file' is a required property", 'file', 'missing_required_parameter');
    }
    try {
      const attributes = readUploadForm(fields);
      if (file.stored.bytes === 0) throw fileIsEmpty();
      return await this.files.createFromStored(scope, file.stored, { ...attributes, filename: file.name ?? '' });
    } catch (error) {
      await this.files.discardContent(file.stored);
      throw error;
    }
  }
}
