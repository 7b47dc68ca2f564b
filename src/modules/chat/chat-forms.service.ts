import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { bodyLimit } from '../../common/http/index.js';
import type { TenantScope } from '../../common/principal.js';
import { FileFormsService, unknownField, type FileForm } from '../files/index.js';
import { WebSearchService } from '../tools/index.js';
import { isChatField, readChatForm, type FormDefaults } from './chat-form.js';

const MOST_FILES = 20;

type ReadForm = { purpose: 'assistants'; body: Record<string, unknown> };

/** Reads chat completions that come as forms: the third seed's clients send no JSON. */
@Injectable()
export class ChatFormsService {
  private readonly defaults: FormDefaults;
  private readonly form: FileForm<ReadForm>;

  constructor(
    private readonly fileForms: FileFormsService,
    webSearch: WebSearchService,
    @Inject(CONFIG) config: Config,
  ) {
    this.defaults = { agent: config.DEFAULT_AGENT, tools: webSearch.isConfigured ? [{ type: 'web_search' }] : [] };
    this.form = {
      fileField: 'files',
      mostFiles: MOST_FILES,
      longestValue: bodyLimit(config.MAX_BODY_SIZE_MB),
      checkField: (name) => demandKnown([name]),
      readFields: (fields) => ({ purpose: 'assistants', body: readChatForm(fields, this.defaults) }),
    };
  }

  /** The request as its JSON would be, with its files uploaded. Throws 400 and 413, and then has kept nothing. */
  async receive(scope: TenantScope, request: IncomingMessage): Promise<Record<string, unknown>> {
    const { fields, files } = await this.fileForms.receiveAll(scope, request, this.form);
    return files.length === 0 ? fields.body : { ...fields.body, file_ids: files.map(({ id }) => id) };
  }

  /** The same for a form without files. */
  read(form: URLSearchParams): Record<string, unknown> {
    demandKnown(form.keys());
    return readChatForm(new Map(form), this.defaults);
  }
}

function demandKnown(names: Iterable<string>): void {
  for (const name of names) if (!isChatField(name)) throw unknownField(name);
}
