import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from '@config';
import { json, type NextFunction, type Request, type Response } from 'express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { mountSwagger } from './openapi/document.js';

const BYTES_PER_MB = 1024 * 1024;

/** The application, ready to listen. Everything about HTTP that is not a route's own is set here. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(json({ limit: config.MAX_BODY_SIZE_MB * BYTES_PER_MB, verify: keepRawBody, type: isJson }));
  app.use(emptyBodyIsObject);
  mountSwagger(app);
  app.enableShutdownHooks();
  return app;
}

/** Chat completions are passed on byte for byte. */
function keepRawBody(request: Request & { rawBody?: Buffer }, _response: Response, body: Buffer): void {
  request.rawBody = body;
}

/** Everything that is no upload: some clients send JSON without saying so. */
function isJson(request: { headers: Record<string, string | string[] | undefined> }): boolean {
  return !String(request.headers['content-type'] ?? '').startsWith('multipart/');
}

/** `POST /v1/threads` without a body is a request for an empty thread (openai-wire.md section 4.1). */
function emptyBodyIsObject(request: Request, _response: Response, next: NextFunction): void {
  request.body ??= {};
  next();
}
