import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { Database } from '../../database/database.js';
import { Passwords } from './passwords.js';
import { UsernameTakenError, UsersRepository } from './users.repository.js';

const PASSWORD_BYTES = 18;

/** What this start found, or made. */
export type FirstStartOutcome =
  | { kind: 'existing' }
  /** `generatedPassword` is null where the configuration gave one. It is kept nowhere: print it now or never. */
  | { kind: 'created'; username: string; generatedPassword: string | null };

/** Makes the first administrator where there is none. Safe where several processes start at once. */
@Injectable()
export class FirstStart implements OnApplicationBootstrap {
  private readonly logger = new Logger('FirstStart');

  /** Known once the application has been initialised. */
  outcome: FirstStartOutcome = { kind: 'existing' };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'worker' || (await this.users.hasAdministrator())) return;
    const generatedPassword =
      this.config.DEFAULT_ADMIN_PASSWORD === undefined ? randomBytes(PASSWORD_BYTES).toString('base64url') : null;
    const username = this.config.DEFAULT_ADMIN_USERNAME;
    const password = generatedPassword ?? this.config.DEFAULT_ADMIN_PASSWORD ?? '';
    const passwordHash = await this.passwords.hash(password);
    if (await this.create(username, passwordHash)) this.outcome = { kind: 'created', username, generatedPassword };
  }

  /** False where another process was faster. */
  private async create(username: string, passwordHash: string): Promise<boolean> {
    try {
      return await this.database.transaction(async () => {
        await this.users.lockFirstAdministrator();
        if (await this.users.hasAdministrator()) return false;
        await this.users.createWithProject({ username, passwordHash, isAdmin: true });
        return true;
      });
    } catch (error) {
      if (!(error instanceof UsernameTakenError)) throw error;
      // Making whoever has the name an administrator would be a gift to the one who signed up with it.
      this.logger.error(
        `There is no administrator, and '${username}' is an ordinary user: set DEFAULT_ADMIN_USERNAME.`,
      );
      return false;
    }
  }
}
