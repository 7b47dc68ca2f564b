import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { loadConfig, type Config } from '../../config/index.js';
import { ConfigModule } from '../../src/common/config.module.js';
import { ErrorFilter } from '../../src/common/errors/index.js';
import type { TenantScope } from '../../src/common/principal.js';
import { SecretsModule } from '../../src/common/secrets/index.js';
import { createValidationPipe } from '../../src/common/validation/index.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { AuthModule } from '../../src/modules/auth/index.js';
import { StorageModule } from '../../src/storage/storage.module.js';
import { makePlace } from './database.js';
import { copyMigratedDatabase } from './migrated-database.js';

export const ADMIN_PASSWORD = 'the-admin-password';

export interface TestingApp {
  app: NestExpressApplication;
  config: Config;
  /** Base URL of the API. */
  url: string;
  request: supertest.Agent;
  /** Signs up a user of the given name and returns the token. */
  signUp(username: string): Promise<string>;
  /** That of the user of the token. */
  scopeOf(token: string): Promise<TenantScope>;
  close(): Promise<void>;
}

export interface TestingAppOptions {
  modules?: Type[];
  environment?: Record<string, string>;
  engine?: 'embedded' | 'server';
  /** Kept when the application closes; for tests that start it a second time. */
  dataDir?: string;
}

/** A listening application of the given modules, with a fresh database, signup, and the guard before every route. */
export async function startTestingApp(options: TestingAppOptions = {}): Promise<TestingApp> {
  const dataDir = options.dataDir ?? (await makeDataDir(options));
  const place = options.engine === 'server' ? await makePlace('server') : undefined;
  const config = loadConfig({
    DATA_DIR: dataDir,
    HTTP_SERVER_PORT: '0',
    DEFAULT_ADMIN_PASSWORD: ADMIN_PASSWORD,
    ...(place?.location.engine === 'server' ? { DATABASE_URL: place.location.url } : {}),
    ...options.environment,
  });
  const removeAll = async (): Promise<void> => {
    await place?.remove();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  const app = await createApp(config, options.modules ?? []).catch(async (error: unknown) => {
    await removeAll();
    throw error;
  });
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const request = supertest.agent(url);
  return {
    app,
    config,
    url,
    request,
    signUp: async (username) => {
      const answer = await request.post('/api/auth/signup').send({ username, password: 'a-long-password' }).expect(200);
      return (answer.body as { access_token: string }).access_token;
    },
    scopeOf: async (token) => {
      const me = await request.get('/api/auth/me').set('authorization', `Bearer ${token}`).expect(200);
      return { projectId: (me.body as { project_id: string }).project_id };
    },
    close: async () => {
      await app.close();
      await removeAll();
    },
  };
}

async function makeDataDir({ engine }: TestingAppOptions): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-app-'));
  if (engine !== 'server') await copyMigratedDatabase(join(dataDir, 'database'));
  return dataDir;
}

async function createApp(config: Config, modules: Type[]): Promise<NestExpressApplication> {
  const infrastructure = [ConfigModule.forRoot(config), SecretsModule, DatabaseModule, StorageModule, AuthModule];
  const testing = await Test.createTestingModule({ imports: [...infrastructure, ...modules] }).compile();
  const app = testing.createNestApplication<NestExpressApplication>({ logger: ['error', 'fatal'] });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ErrorFilter());
  try {
    await app.listen(0, '127.0.0.1');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}
