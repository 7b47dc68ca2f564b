import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { ModelGateway } from '@libs/llm';
import { invalidRequest } from '@libs/openai-wire';
import { isPlainObject } from '../../../common/validation/index.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { forwardAnswer } from '../chat-forward.js';
import type { ChatRequestBody } from '../chat.service.js';
import type { PassThroughRoute } from './pass-through-routes.js';
import { namesRemoteMedia } from './remote-media.js';

/** Passes requests on to the server of their model, and the answers back. */
@Injectable()
export class PassThroughService {
  constructor(@Inject(MODEL_GATEWAY) private readonly models: ModelGateway) {}

  async pass(route: PassThroughRoute, { parsed, raw }: ChatRequestBody, response: ServerResponse): Promise<void> {
    if (!isPlainObject(parsed)) throw invalidRequest('The request body must be a JSON object.');
    if (namesRemoteMedia(parsed)) {
      throw invalidRequest('URLs are not fetched here. Send the content itself as a data: URL.', null, 'invalid_value');
    }
    const named = readModel(parsed['model'], route);
    const model = named ?? (await this.models.defaultModel());
    const server = await this.models.resolve(model);
    const { forward } = server;
    if (!forward || !route.isServedBy(server)) throw route.refusal(model);
    const body = named === undefined ? Buffer.from(JSON.stringify({ ...parsed, model })) : raw;
    await forwardAnswer(forward, { path: route.path, body }, response);
  }
}

function readModel(value: unknown, { hasDefaultModel }: PassThroughRoute): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  const isMissing = value === undefined || value === null || value === '';
  if (isMissing && hasDefaultModel) return undefined;
  if (isMissing) throw invalidRequest("Missing required parameter: 'model'.", 'model', 'missing_required_parameter');
  throw invalidRequest("Invalid type for 'model': expected a string.", 'model', 'invalid_type');
}
