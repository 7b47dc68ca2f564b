import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Config } from '@config';
import { forbidden, unauthenticated } from '@libs/openai-wire';
import type { Request } from 'express';
import { CONFIG } from '../../common/config.token.js';
import type { AuthenticatedRequest } from '../../common/marks.js';
import type { Principal, Scope } from '../../common/principal.js';
import { maskToken } from './bearer-token.js';
import { readCredential } from './presented-credential.js';
import { PrincipalsService } from './principals.service.js';
import { readRouteMark } from './route-mark.js';

const MISSING_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
  '(i.e. Authorization: Bearer YOUR_KEY).';

/** Stands before every route: lets through what is public, and who may. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly principals: PrincipalsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const mark = readRouteMark(context.getHandler(), context.getClass());
    if (mark === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.authenticate(request);
    if (mark === undefined || !principal.scopes.has(mark)) throw missingScope(mark);
    request.principal = principal;
    return true;
  }

  private async authenticate(request: Request): Promise<Principal> {
    const { token, projectId } = readCredential(request.headers);
    const principal =
      (token === undefined ? undefined : await this.principals.fromToken(token, request, projectId)) ??
      (this.config.AUTH_REQUIRED ? undefined : await this.principals.administrator(projectId));
    if (principal) return principal;
    throw unauthenticated(token === undefined ? MISSING_KEY : `Incorrect API key provided: ${maskToken(token)}.`);
  }
}

function missingScope(scope: Scope | undefined): Error {
  return forbidden(
    `You have insufficient permissions for this operation.${scope === undefined ? '' : ` Missing scopes: ${scope}.`}`,
  );
}
