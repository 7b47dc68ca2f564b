import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Entity } from 'typeorm';
import { loadConfig } from '@config';
import { ConfigModule } from '../../../src/common/config.module.js';
import { TenantEntity } from '../../../src/database/columns.js';
import { createDataSource } from '../../../src/database/data-source.js';
import { Database } from '../../../src/database/database.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { DirectoryLockedError } from '../../../src/database/embedded/directory-lock.js';
import { loadMigrations } from '../../../src/database/load-migrations.js';
import { migrate } from '../../../src/database/migrate.js';
import { makePlace, type DatabasePlace } from '../../support/database.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { describeWith } from '../../support/requirements.js';

@Entity('test_things')
class Thing extends TenantEntity {}

@Module({ imports: [TypeOrmModule.forFeature([Thing])] })
class ThingsModule {}

function environment({ location }: DatabasePlace): Record<string, string> {
  return location.engine === 'embedded' ? { DATA_DIR: location.directory } : { DATABASE_URL: location.url };
}

async function start(place: DatabasePlace): Promise<TestingModule> {
  const config = loadConfig(environment(place));
  const imports = [ConfigModule.forRoot(config), DatabaseModule, ThingsModule];
  const module = await Test.createTestingModule({ imports }).compile();
  return module.init();
}

describeOnEachEngine('DatabaseModule', (engine) => {
  let place: DatabasePlace;

  beforeAll(async () => {
    place = await makePlace(engine);
  });
  afterAll(() => place.remove());

  it('starts, migrates, knows the entities of the modules, and starts again on what it left', async () => {
    for (const round of [1, 2]) {
      const module = await start(place);
      const database = module.get(Database);
      expect(await database.health()).toEqual({ status: 'ok', engine });
      expect(database.manager.connection.getMetadata(Thing).tableName).toBe('test_things');
      const id = `gone_${round}`;
      const row = { id, project_id: 'proj_a', table_name: 'test_things', scope: {}, sequence: '1' };
      await database.manager.query(
        'INSERT INTO deleted_objects (id, project_id, table_name, scope, sequence) VALUES ($1, $2, $3, $4, $5)',
        Object.values(row),
      );
      const rows = await database.manager.query<unknown[]>('SELECT id FROM deleted_objects');
      expect(rows).toHaveLength(round);
      await module.close();
    }
  });
});

describe('DatabaseModule, embedded', () => {
  it('refuses at once to start beside another server', async () => {
    const place = await makePlace('embedded');
    const first = await start(place);
    await expect(start(place)).rejects.toThrow(DirectoryLockedError);
    await first.close();
    await place.remove();
  });
});

describeWith('postgres', 'migrate', () => {
  it('lets servers that start at once wait for each other', async () => {
    const place = await makePlace('server');
    const migrations = await loadMigrations();
    const servers = [1, 2, 3, 4].map(() => createDataSource(place.location, { entities: [], migrations }));
    await Promise.all(servers.map((server) => server.initialize()));
    await Promise.all(servers.map((server) => migrate(server, place.location)));
    const applied = await servers[0]?.query<unknown[]>('SELECT * FROM migrations');
    expect(applied).toHaveLength(migrations.length);
    await Promise.all(servers.map((server) => server.destroy()));
    await place.remove();
  });
});
