import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { UserRecord } from './auth.types.js';
import type { TokenClaims } from './credentials/token-claims.js';

@Injectable()
export class TokensService {
  constructor(private readonly jwt: JwtService) {}

  /** A signed token that stands for the user until it expires or the user's token version rises. */
  issue(user: UserRecord): Promise<string> {
    const claims: TokenClaims = { sub: user.id, version: user.tokenVersion };
    return this.jwt.signAsync(claims);
  }
}
