import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import type { Config } from '@config';
import { LoggerModule } from 'nestjs-pino';
import { newRequestId } from './http/index.js';

/** Never logged: credentials, and cookies that proxies may add. */
const SECRET_HEADERS = ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'];

/** One line a request, with its id; health probes are not worth one. */
export function loggerModule(config: Config): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: config.LOG_LEVEL,
      genReqId: () => newRequestId(),
      redact: SECRET_HEADERS,
      autoLogging: { ignore: (request) => request.url?.startsWith('/health') ?? false },
      customProps: () => ({ context: 'HTTP' }),
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
      customLogLevel: levelOf,
    },
  });
}

function levelOf(_request: IncomingMessage, response: ServerResponse, error?: Error): 'error' | 'info' | 'debug' {
  if (error || response.statusCode >= 500) return 'error';
  return response.statusCode >= 400 ? 'info' : 'debug';
}
