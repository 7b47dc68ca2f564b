import type { ProjectRole } from '../../common/principal.js';

/** A user, as the services of this module see one. */
export interface UserRecord {
  id: string;
  username: string;
  passwordHash: string;
  isAdmin: boolean;
  disabled: boolean;
  tokenVersion: number;
  createdAt: Date;
}

export interface NewUser {
  username: string;
  passwordHash: string;
  isAdmin: boolean;
}

/** A user's place in one project. */
export interface MembershipRecord {
  projectId: string;
  role: ProjectRole;
}
