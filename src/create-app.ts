import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from '@config';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { ChatShortcut } from './chat-shortcut.js';
import { ApplicationLogger } from './common/application-logger.js';
import { bodyLimit, BodyProblemInterceptor, setConnectionTimes } from './common/http/index.js';
import { logsEachRequest } from './common/logging.js';
import { KnownCallers } from './modules/auth/index.js';
import { ChatService } from './modules/chat/index.js';
import { RequestLimits } from './modules/rate-limit/index.js';
import { mountSwagger } from './openapi/document.js';

/** The application, ready to listen. Everything about HTTP that is not a route's own is set here. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new ApplicationLogger(app.get(Logger)));
  setConnectionTimes(app.getHttpServer());
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.TRUSTED_PROXIES);
  app.useGlobalInterceptors(new BodyProblemInterceptor());
  mountSwagger(app);
  app.enableShutdownHooks();
  // A good answer leaves no line at other levels; the shortcut writes none at all.
  if (!logsEachRequest(config)) putShortcutInFront(app, config);
  return app;
}

function putShortcutInFront(app: NestExpressApplication, config: Config): void {
  const server = app.getHttpServer();
  const parts = {
    callers: app.get(KnownCallers, { strict: false }),
    limits: app.get(RequestLimits, { strict: false }),
    chat: app.get(ChatService, { strict: false }),
    longestBody: bodyLimit(config.MAX_BODY_SIZE_MB),
  };
  const shortcut = new ChatShortcut(parts, app.getHttpAdapter().getInstance() as RequestListener);
  server.removeAllListeners('request').on('request', shortcut.listen);
}
