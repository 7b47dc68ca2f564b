import { SCOPES, type ProjectRole, type Scope } from '../../common/principal.js';

const READ_ONLY = SCOPES.filter((scope) => scope.endsWith(':read'));
const ALL_OF_A_PROJECT = SCOPES.filter((scope) => scope !== 'admin');

const SCOPES_OF_ROLE: Record<ProjectRole, readonly Scope[]> = {
  owner: ALL_OF_A_PROJECT,
  member: ALL_OF_A_PROJECT,
  viewer: READ_ONLY,
};

/**
 * What a credential may do: what the role allows, `admin` for administrators only, and of that what the credential
 * itself is limited to.
 */
export function scopesOf(role: ProjectRole, isAdmin: boolean, limit?: ReadonlySet<Scope>): ReadonlySet<Scope> {
  const scopes: Scope[] = [...SCOPES_OF_ROLE[role], ...(isAdmin ? (['admin'] as const) : [])];
  return new Set(limit === undefined ? scopes : scopes.filter((scope) => limit.has(scope)));
}
