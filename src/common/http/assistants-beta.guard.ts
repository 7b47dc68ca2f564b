import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Config } from '@config';
import { invalidRequest } from '@libs/openai-wire';
import type { Request } from 'express';
import { CONFIG } from '../config.token.js';

const BETA_FEATURE = /(^|[,;\s])assistants=(v\d+)/;

/**
 * `OpenAI-Beta: assistants=v2` as OpenAI treats it. Where the operator lets it be absent, programs that know nothing of it
 * are served as well (ADR 0017); another version is refused in any case.
 */
@Injectable()
export class AssistantsBetaGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'OPENAI_BETA_HEADER'>) {}

  canActivate(context: ExecutionContext): boolean {
    const header = context.switchToHttp().getRequest<Request>().header('openai-beta');
    if (header === undefined && this.config.OPENAI_BETA_HEADER === 'optional') return true;
    if (BETA_FEATURE.exec(header ?? '')?.[2] === 'v2') return true;
    throw invalidRequest(
      "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
      null,
      'invalid_beta',
    );
  }
}
