import type { Request } from 'express';
import type { Scope } from '../../../common/principal.js';

/** Whom a credential stands for, before the database was asked who that is today. */
export interface ResolvedCredential {
  userId: string;
  /** For credentials that end when the user's token version rises. */
  tokenVersion?: number;
  /** For credentials that are bound to one project. */
  projectId?: string;
  /** For credentials that may do less than their user. */
  scopes?: ReadonlySet<Scope>;
}

/** One kind of bearer credential. */
export interface CredentialResolver {
  /** Whether a token looks like this kind. */
  handles(token: string): boolean;
  /** Undefined for a token that is wrong or expired. */
  resolve(token: string, request: Request): Promise<ResolvedCredential | undefined>;
}

/** Injects the list of all kinds, the first that handles a token decides. */
export const CREDENTIAL_RESOLVERS = Symbol('CREDENTIAL_RESOLVERS');
