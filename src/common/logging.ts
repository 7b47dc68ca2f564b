import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import type { Config } from '@config';
import { LoggerModule } from 'nestjs-pino';
import { newRequestId } from './http/index.js';

const CONTEXT = { context: 'HTTP' };

/**
 * One line a request, with its id; health probes are not worth one. A request and its answer are logged as a few chosen
 * fields, never as their headers, which bear credentials. The serializers see the plain objects, and a line that the
 * level would drop is not made: both cost more than the routing of a request.
 */
export function loggerModule(config: Config): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level: config.LOG_LEVEL,
      genReqId: () => newRequestId(),
      autoLogging: { ignore: (request) => request.url?.startsWith('/health') ?? false },
      customSuccessObject: (_request, _response, fields: object) => ({ ...CONTEXT, ...fields }),
      customErrorObject: (_request, _response, _error, fields: object) => ({ ...CONTEXT, ...fields }),
      wrapSerializers: false,
      serializers: {
        req: (request: { id: string; method: string; url: string; originalUrl?: string }) => ({
          id: request.id,
          method: request.method,
          path: (request.originalUrl ?? request.url).split('?')[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
      customLogLevel: levelOf(!logsEachRequest(config)),
    },
  });
}

const DROPS_DEBUG: ReadonlySet<Config['LOG_LEVEL']> = new Set(['silent', 'fatal', 'error', 'warn', 'info']);

/** Whether requests that went well have a line in the log, too. */
export function logsEachRequest({ LOG_LEVEL: level }: Config): boolean {
  return !DROPS_DEBUG.has(level);
}

type Level = 'error' | 'info' | 'debug' | 'silent';

function levelOf(dropsDebug: boolean) {
  return (_request: IncomingMessage, response: ServerResponse, error?: Error): Level => {
    if (error || response.statusCode >= 500) return 'error';
    if (response.statusCode >= 400) return 'info';
    return dropsDebug ? 'silent' : 'debug';
  };
}
