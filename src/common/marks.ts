import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal, Scope } from './principal.js';

/** A request that the authentication guard has let through. */
export type AuthenticatedRequest = Request & { principal: Principal };

export const PUBLIC_MARK = 'threadmill:public';
export const SCOPE_MARK = 'threadmill:scope';

/** The route needs no credential. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_MARK, true);

/** The route needs a credential with this scope. Every route bears this or @Public; lint checks it. */
export const RequireScope = (scope: Scope): MethodDecorator & ClassDecorator => SetMetadata(SCOPE_MARK, scope);

/** The principal of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<AuthenticatedRequest>().principal;
});
