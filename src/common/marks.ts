import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { traceParentOf } from './http/trace-parent.js';
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

/** W3C's header of that name, where the request has one that is valid: what it belongs to in a trace. */
export const TraceParent = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return traceParentOf(context.switchToHttp().getRequest<Request>());
});
