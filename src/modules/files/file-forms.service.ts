import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { invalidRequest } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { fileLimitBytes } from './file-limit.js';
import { fileIsEmpty, fileTooLarge } from './files.errors.js';
import { FilesService } from './files.service.js';
import type { FileRecord, NewFileAttributes, StoredContent } from './files.types.js';
import { drain } from './upload/drain.js';
import { receiveForm, type FormSink, type ReceivedFile } from './upload/receive-form.js';
import { checkUploadField, readUploadForm, unknownField, type UploadForm } from './upload/upload-form.js';

/** What a form needs besides the file: boundaries, headers, the other fields. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

type AttributesOfForm = Omit<NewFileAttributes, 'filename'>;

/** A form with files, and what its text fields may be. */
export interface FileForm<Fields extends AttributesOfForm> extends Pick<
  FormSink<unknown>,
  'fileField' | 'mostFiles' | 'longestValue' | 'checkField'
> {
  /** Reads all text fields, and what they make of the files. Throws for a form that is not whole. */
  readFields(fields: ReadonlyMap<string, string>, fileCount: number): Fields | Promise<Fields>;
}

const UPLOAD: FileForm<UploadForm> = {
  fileField: 'file',
  checkField: checkUploadField,
  readFields: (fields, fileCount) => {
    if (fileCount > 0) return readUploadForm(fields);
    throw invalidRequest("'file' is a required property", 'file', 'missing_required_parameter');
  },
};

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
    const [file] = (await this.receiveAll(scope, request, UPLOAD)).files;
    if (file === undefined) throw new Error('A form without a file was accepted.');
    return file;
  }

  /** Makes files of a form's parts once its text fields were read. Throws 400 and 413, and then has kept no content. */
  async receiveAll<Fields extends AttributesOfForm>(
    scope: TenantScope,
    request: IncomingMessage,
    shape: FileForm<Fields>,
  ): Promise<{ fields: Fields; files: FileRecord[] }> {
    const form = await receiveForm<StoredContent>(request, {
      ...shape,
      store: (content) => this.files.storeContent(content, this.limitBytes),
      discard: (stored) => this.files.discardContent(stored),
      unknownField,
    });
    const waiting = [...form.files];
    try {
      const fields = await shape.readFields(form.fields, form.files.length);
      if (waiting.some(({ stored }) => stored.bytes === 0)) throw fileIsEmpty();
      return { fields, files: await this.createAll(scope, waiting, fields) };
    } catch (error) {
      for (const { stored } of waiting) await this.files.discardContent(stored);
      throw error;
    }
  }

  /** Takes each from the list before it makes a file of it: what fails there is discarded there. */
  private async createAll(
    scope: TenantScope,
    waiting: ReceivedFile<StoredContent>[],
    { purpose, expiresAfterSeconds }: AttributesOfForm,
  ): Promise<FileRecord[]> {
    const made: FileRecord[] = [];
    const life = expiresAfterSeconds === undefined ? {} : { expiresAfterSeconds };
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const attributes = { filename: next.name ?? '', purpose, ...life };
      made.push(await this.files.createFromStored(scope, next.stored, attributes));
    }
    return made;
  }
}
