import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { WireError } from '@libs/openai-wire';
import type { Request } from 'express';
import type { Principal } from '../../common/principal.js';
import {
  CREDENTIAL_RESOLVERS,
  type CredentialResolver,
  type ResolvedCredential,
} from './credentials/credential-resolver.js';
import { PrincipalCache } from './principal-cache.js';
import { scopesOf } from './role-scopes.js';
import { UsersRepository } from './users.repository.js';

const ADMINISTRATOR_KEY = 'administrator';

/** Finds out who a credential stands for. */
@Injectable()
export class PrincipalsService {
  private readonly cache = new PrincipalCache();
  private readonly searches = new Map<string, Promise<Principal | undefined>>();

  constructor(
    @Inject(CREDENTIAL_RESOLVERS) private readonly resolvers: readonly CredentialResolver[],
    private readonly users: UsersRepository,
  ) {}

  /** Whom a token stands for, where that is known without asking anyone. */
  known(token: string, projectId: string | undefined): Principal | undefined {
    return this.cache.get(cacheKey(tokenKey(token), projectId));
  }

  /** As `known`, of the first administrator. */
  knownAdministrator(projectId: string | undefined): Principal | undefined {
    return this.cache.get(cacheKey(ADMINISTRATOR_KEY, projectId));
  }

  /** Undefined for a credential that is not valid. Throws 401 for a project that is not the user's. */
  async fromToken(token: string, request: Request, projectId: string | undefined): Promise<Principal | undefined> {
    return this.cached(tokenKey(token), projectId, async () => {
      const resolver = this.resolvers.find((each) => each.handles(token));
      const credential = await resolver?.resolve(token, request);
      return credential && this.load(credential, projectId);
    });
  }

  /** The first administrator, for a server that demands no credential. Throws as `fromToken`. */
  async administrator(projectId: string | undefined): Promise<Principal | undefined> {
    return this.cached(ADMINISTRATOR_KEY, projectId, async () => {
      const user = await this.users.findFirstAdministrator();
      return user ? this.load({ userId: user.id }, projectId) : undefined;
    });
  }

  /** Many requests of a client come at once, and all find its cache entry outlived: one of them asks the database. */
  private cached(
    who: string,
    projectId: string | undefined,
    find: () => Promise<Principal | undefined>,
  ): Principal | undefined | Promise<Principal | undefined> {
    const key = cacheKey(who, projectId);
    const known = this.cache.get(key) ?? this.searches.get(key);
    if (known) return known;
    const search = this.search(key, find).finally(() => this.searches.delete(key));
    this.searches.set(key, search);
    return search;
  }

  private async search(key: string, find: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const principal = await find();
    if (principal) this.cache.set(key, principal);
    return principal;
  }

  private async load(credential: ResolvedCredential, wanted: string | undefined): Promise<Principal | undefined> {
    const user = await this.users.findById(credential.userId);
    if (!user || user.disabled) return undefined;
    if (credential.tokenVersion !== undefined && credential.tokenVersion !== user.tokenVersion) return undefined;
    const bound = credential.projectId;
    if (bound !== undefined && wanted !== undefined && wanted !== bound) throw projectMismatch();
    const membership = await this.users.findMembership(user.id, wanted ?? bound);
    if (!membership) throw projectMismatch();
    return {
      userId: user.id,
      username: user.username,
      projectId: membership.projectId,
      role: membership.role,
      isAdmin: user.isAdmin,
      scopes: scopesOf(membership.role, user.isAdmin, credential.scopes),
    };
  }
}

/** Tokens themselves are not kept in memory. */
function tokenKey(token: string): string {
  return hash('sha256', token, 'base64');
}

function cacheKey(who: string, projectId: string | undefined): string {
  return `${who} ${projectId ?? ''}`;
}

/** The same for a project that does not exist and for one of others. */
function projectMismatch(): WireError {
  return new WireError(401, 'OpenAI-Project header should match project for API key', { code: 'mismatched_project' });
}
