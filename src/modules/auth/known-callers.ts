import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import type { Principal } from '../../common/principal.js';
import { readCredential } from './presented-credential.js';
import { PrincipalsService } from './principals.service.js';

/** Finds who sends a request, where that is known from another one just before. */
@Injectable()
export class KnownCallers {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly principals: PrincipalsService,
  ) {}

  /** Undefined says nothing: the authentication guard has to find out. */
  find(headers: IncomingHttpHeaders): Principal | undefined {
    const { token, projectId } = readCredential(headers);
    if (token !== undefined) return this.principals.known(token, projectId);
    return this.config.AUTH_REQUIRED ? undefined : this.principals.knownAdministrator(projectId);
  }
}
