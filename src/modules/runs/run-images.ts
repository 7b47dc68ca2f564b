import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import type { WireMessageContent } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import { fetchPublic } from '../../common/http/fetch-public.js';
import type { TenantScope } from '../../common/principal.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { FilesService } from '../files/index.js';
import type { MessageRecord } from '../threads/index.js';
import type { VisibleImages } from './conversation.js';
import { matchesAny } from './model-patterns.js';

/** The newest images that a model is shown; older ones are mentioned only. */
const MOST_IMAGES = 20;
const LIMITS = { maxBytes: 20 * 1024 * 1024, timeoutMs: 15_000 };
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/**
 * Brings the images of messages to models that see. Always as data: a model server would fetch a URL from inside the
 * network, wherever it leads.
 */
@Injectable()
export class RunImages {
  private readonly logger = new Logger('Runs');
  private readonly seeing: readonly string[];

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: Pick<ModelGateway, 'settings'>,
    private readonly files: FilesService,
  ) {
    this.seeing = config.VISION_MODELS.split(',').map((pattern) => pattern.trim());
  }

  async visibleTo(model: string, scope: TenantScope, messages: readonly MessageRecord[]): Promise<VisibleImages> {
    const sees = this.models.settings(model).vision ?? matchesAny(this.seeing, model);
    if (!sees) return new Map();
    const parts = messages.filter(({ role }) => role === 'user').flatMap(({ content }) => content.filter(isImage));
    const loaded = await Promise.all(
      parts.slice(-MOST_IMAGES).map(async (part) => ({ part, url: await this.load(scope, part) })),
    );
    return new Map(loaded.flatMap(({ part, url }) => (url === null ? [] : [[part, url]])));
  }

  /** Null where it cannot be had: the conversation goes on with a mention of it. */
  private async load(scope: TenantScope, part: WireMessageContent): Promise<string | null> {
    try {
      if (part.type === 'image_file') return await this.loadFile(scope, part.image_file.file_id);
      if (part.type !== 'image_url') return null;
      const { url } = part.image_url;
      if (url.startsWith('data:')) return url;
      const { body, mediaType } = await fetchPublic(url, LIMITS);
      return toDataUrl(mediaType, body);
    } catch (error) {
      this.logger.warn(`An image is not shown to the model: ${errorMessage(error)}`);
      return null;
    }
  }

  private async loadFile(scope: TenantScope, fileId: string): Promise<string | null> {
    const { record, stream } = await this.files.openContent(scope, fileId);
    if (record.bytes > LIMITS.maxBytes) {
      stream.destroy();
      return null;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    return toDataUrl(record.mimeType ?? '', Buffer.concat(chunks));
  }
}

function isImage(part: WireMessageContent): boolean {
  return part.type === 'image_file' || part.type === 'image_url';
}

function toDataUrl(mediaType: string, body: Buffer): string | null {
  return IMAGE_TYPES.has(mediaType) ? `data:${mediaType};base64,${body.toString('base64')}` : null;
}
