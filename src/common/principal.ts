export type ProjectRole = 'owner' | 'member' | 'viewer';

/** What a credential may do. A role or key lists them; each route demands one. */
export const SCOPES = [
  'files:read',
  'files:write',
  'vector-stores:read',
  'vector-stores:write',
  'assistants:read',
  'assistants:write',
  'threads:read',
  'threads:write',
  'chat:read',
  'chat:write',
  'models:read',
  'admin',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Who asks, and in which project. Every repository takes it; there is no unscoped finder. */
export interface Principal {
  readonly userId: string;
  readonly username: string;
  readonly projectId: string;
  readonly role: ProjectRole;
  readonly isAdmin: boolean;
  readonly scopes: ReadonlySet<Scope>;
}

/** The part that scopes a query to its tenant. Workers hold it without a user. */
export type TenantScope = Pick<Principal, 'projectId'>;
