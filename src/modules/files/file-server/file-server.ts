import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Config } from '@config';
import { errorCode } from '@libs/kernel';
import { CONFIG } from '../../../common/config.token.js';
import { setConnectionTimes } from '../../../common/http/index.js';
import { FileRequestHandler } from './file-request.handler.js';
import { FileUrls } from './file-urls.js';

/** How long downloads under way may go on when the application ends. */
const SHUTDOWN_GRACE_MS = 3000;

/**
 * The server of signed file URLs, on a port and so an origin of its own: whatever a file contains, it is nothing to
 * the API's origin. Starts and stops with the application.
 */
@Injectable()
export class FileServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('FileServer');
  private server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly handler: FileRequestHandler,
    private readonly urls: FileUrls,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'worker') return;
    const server = createServer((request, response) => void this.handler.handle(request, response));
    setConnectionTimes(server);
    server.listen(this.config.HTTP_SERVER_PORT, this.config.API_HOST);
    await once(server, 'listening').catch((error: unknown) => {
      throw explainListenError(error, this.config.HTTP_SERVER_PORT);
    });
    this.server = server;
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : this.config.HTTP_SERVER_PORT;
    this.urls.useActualPort(port);
    this.logger.log(`Files are served on port ${port}.`);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS);
    await closed;
    clearTimeout(timer);
  }
}

function explainListenError(error: unknown, port: number): unknown {
  if (errorCode(error) !== 'EADDRINUSE') return error;
  return new Error(`Port ${port} is taken. Set HTTP_SERVER_PORT to a free one (0 picks one).`, { cause: error });
}
