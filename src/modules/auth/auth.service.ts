import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { DetailError } from '../../common/errors/index.js';
import type { LoginDto, SignupDto } from './dto/credentials.dto.js';
import { LoginLimiter } from './login-limiter.js';
import { Passwords } from './passwords.js';
import { TokensService } from './tokens.service.js';
import { usernameKey } from './username.js';
import { UsernameTakenError, UsersRepository } from './users.repository.js';

/** Signup and login. Both give a token, and throw DetailErrors. */
@Injectable()
export class AuthService {
  private readonly limiter = new LoginLimiter();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly tokens: TokensService,
  ) {}

  async signUp({ username, password }: SignupDto): Promise<string> {
    if (!this.config.SIGNUP_ENABLED) throw new DetailError(403, 'Signup is disabled');
    if (await this.users.findByUsername(username)) throw usernameExists();
    const passwordHash = await this.passwords.hash(password);
    try {
      return await this.tokens.issue(await this.users.createWithProject({ username, passwordHash, isAdmin: false }));
    } catch (error) {
      throw error instanceof UsernameTakenError ? usernameExists() : error;
    }
  }

  /** `address` is the client's, so that nobody can lock out a user from elsewhere. */
  async logIn({ username, password }: LoginDto, address: string): Promise<string> {
    const attempt = `${usernameKey(username)} ${address}`;
    const secondsToWait = this.limiter.begin(attempt);
    if (secondsToWait !== undefined) {
      const headers = { 'retry-after': String(secondsToWait) };
      throw new DetailError(429, 'Too many login attempts. Try again later.', headers);
    }
    const user = await this.users.findByUsername(username);
    const matches = await this.passwords.verify(user?.passwordHash, password);
    if (!user || !matches || user.disabled) throw new DetailError(401, 'Invalid username or password');
    this.limiter.succeed(attempt);
    return this.tokens.issue(user);
  }
}

function usernameExists(): DetailError {
  return new DetailError(400, 'Username already exists');
}
