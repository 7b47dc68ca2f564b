import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ExtractJwt, Strategy, type VerifiedCallback } from 'passport-jwt';
import { ServerSecrets } from '../../../common/secrets/index.js';
import type { CredentialResolver, ResolvedCredential } from './credential-resolver.js';
import { readTokenClaims } from './token-claims.js';

/** What passport puts on a strategy for one request. */
interface Outcome {
  success(user: unknown): void;
  fail(): void;
  error(error: unknown): void;
}

/**
 * Our own tokens, checked by passport-jwt. The strategy is run without passport's registry, which is one for the whole
 * process: two applications in it (tests) would check each other's tokens.
 */
@Injectable()
export class JwtCredentialResolver implements CredentialResolver {
  private readonly strategy: Strategy;

  constructor(secrets: ServerSecrets) {
    this.strategy = new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: secrets.tokenKey,
        algorithms: ['HS256'],
      },
      (payload: unknown, done: VerifiedCallback) => done(null, readTokenClaims(payload) ?? false),
    );
  }

  handles(token: string): boolean {
    return token.split('.').length === 3;
  }

  async resolve(_token: string, request: Request): Promise<ResolvedCredential | undefined> {
    const claims = readTokenClaims(await this.authenticate(request));
    return claims && { userId: claims.sub, tokenVersion: claims.version };
  }

  /** As passport does it: a copy of the strategy for each request, with the outcomes on it. */
  private authenticate(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outcome: Outcome = { success: resolve, fail: () => resolve(undefined), error: reject };
      const attempt = Object.assign(Object.create(this.strategy) as Strategy, outcome);
      attempt.authenticate(request);
    });
  }
}
