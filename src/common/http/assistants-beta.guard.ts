import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { invalidRequest } from '@libs/openai-wire';
import type { Request } from 'express';

const BETA_FEATURE = /(^|[,;\s])assistants=(v\d+)/;

/**
 * `OpenAI-Beta: assistants=v2` as OpenAI treats it where it names another version. Absent, it is taken as v2: the seeds'
 * programs and curl send none (ADR 0010).
 */
@Injectable()
export class AssistantsBetaGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const header = context.switchToHttp().getRequest<Request>().header('openai-beta');
    const version = header === undefined ? 'v2' : BETA_FEATURE.exec(header)?.[2];
    if (version === 'v2') return true;
    throw invalidRequest(
      "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
      null,
      'invalid_beta',
    );
  }
}
