import { Injectable } from '@nestjs/common';
import { errorCode, newId } from '@libs/kernel';
import { Database } from '../../database/database.js';
import type { MembershipRecord, NewUser, UserRecord } from './auth.types.js';
import { MembershipEntity } from './entities/membership.entity.js';
import { ProjectEntity } from './entities/project.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { usernameKey } from './username.js';

const UNIQUE_VIOLATION = '23505';

/** Any number that no other advisory lock of this database has: 'adm1' in ASCII. */
const FIRST_ADMINISTRATOR_LOCK = 0x61646d31;

/** The username is taken, regardless of case. */
export class UsernameTakenError extends Error {
  constructor() {
    super('The username is taken.');
    this.name = 'UsernameTakenError';
  }
}

/** Users, their projects and memberships. Not of one tenant: this is what finds the tenant. */
@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** The user and the personal project, both or neither. Throws UsernameTakenError. */
  async createWithProject(user: NewUser): Promise<UserRecord> {
    try {
      return await this.database.transaction(() => this.insertWithProject(user));
    } catch (error) {
      throw errorCode(error) === UNIQUE_VIOLATION ? new UsernameTakenError() : error;
    }
  }

  async findById(id: string): Promise<UserRecord | null> {
    return this.database.manager.findOneBy(UserEntity, { id });
  }

  async findByUsername(username: string): Promise<UserRecord | null> {
    return this.database.manager.findOneBy(UserEntity, { usernameKey: usernameKey(username) });
  }

  async findFirstAdministrator(): Promise<UserRecord | null> {
    return this.database.manager.findOne(UserEntity, {
      where: { isAdmin: true, disabled: false },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  async hasAdministrator(): Promise<boolean> {
    return this.database.manager.existsBy(UserEntity, { isAdmin: true });
  }

  /** The membership in the project, or without one in the personal project, or else in the oldest. */
  async findMembership(userId: string, projectId?: string): Promise<MembershipRecord | null> {
    return this.database.manager.findOne(MembershipEntity, {
      where: { userId, ...(projectId === undefined ? {} : { projectId }) },
      relations: { project: true },
      order: { project: { isPersonal: 'DESC' }, createdAt: 'ASC', projectId: 'ASC' },
    });
  }

  /** Makes others that would create the first administrator wait until the transaction of the caller ends. */
  async lockFirstAdministrator(): Promise<void> {
    await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [FIRST_ADMINISTRATOR_LOCK]);
  }

  private async insertWithProject(user: NewUser): Promise<UserRecord> {
    const { manager } = this.database;
    const userId = newId('user');
    const projectId = newId('project');
    await manager.insert(UserEntity, { id: userId, usernameKey: usernameKey(user.username), ...user });
    await manager.insert(ProjectEntity, { id: projectId, name: user.username, isPersonal: true });
    await manager.insert(MembershipEntity, { projectId, userId, role: 'owner' });
    return manager.findOneByOrFail(UserEntity, { id: userId });
  }
}
