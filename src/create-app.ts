import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from '@config';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { ApplicationLogger } from './common/application-logger.js';
import { BodyProblemInterceptor } from './common/http/index.js';
import { mountSwagger } from './openapi/document.js';

/** The application, ready to listen. Everything about HTTP that is not a route's own is set here. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new ApplicationLogger(app.get(Logger)));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.TRUSTED_PROXIES);
  app.useGlobalInterceptors(new BodyProblemInterceptor());
  mountSwagger(app);
  app.enableShutdownHooks();
  return app;
}
