import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { SettingEntity } from './entities/setting.entity.js';

/** What administrators may set. */
export type SettingName = 'default_model';

/** Settings of the installation, not of a tenant: for administrators. */
@Injectable()
export class SettingsRepository {
  constructor(private readonly database: Database) {}

  /** Null where it is not set. */
  async find(name: SettingName): Promise<string | null> {
    return (await this.database.manager.findOneBy(SettingEntity, { name }))?.value ?? null;
  }

  async set(name: SettingName, value: string): Promise<void> {
    await this.database.manager.upsert(SettingEntity, { name, value, changedAt: new Date() }, ['name']);
  }

  async remove(name: SettingName): Promise<void> {
    await this.database.manager.delete(SettingEntity, { name });
  }
}
