import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadConfig } from '@config';
import { AppModule } from '../app.module.js';
import { describeApi } from './document.js';

/** The document without a running server: in preview nothing is started, not even the database. */
export async function buildOpenApiDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(AppModule.forRoot(loadConfig({})), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return describeApi(app);
}
