import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { ServerSecrets } from '../../../common/secrets/index.js';
import type { WorkspaceFileAddress } from '../workspace-files.repository.js';
import { FileUrlSigner } from './file-url-signer.js';

/** Makes the signed URLs under which users reach files, and checks them. */
@Injectable()
export class FileUrls {
  private readonly signer: FileUrlSigner;
  private port: number;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    secrets: ServerSecrets,
  ) {
    this.signer = new FileUrlSigner(secrets.deriveKey('file-urls'));
    this.port = config.HTTP_SERVER_PORT;
  }

  /** The port that the file server really got, where the configuration leaves it open. */
  useActualPort(port: number): void {
    this.port = port;
  }

  urlOf(address: WorkspaceFileAddress): string {
    const base = this.config.FILE_SERVER_URL ?? `http://localhost:${this.port}`;
    const expiresAt = Math.floor(Date.now() / 1000) + this.config.FILE_URL_TTL_SECONDS;
    return base + this.signer.sign(address, expiresAt);
  }

  verify(address: WorkspaceFileAddress, query: URLSearchParams): 'valid' | 'expired' | 'forged' {
    const expiresAt = this.signer.verify(address, query);
    if (expiresAt === undefined) return 'forged';
    return expiresAt * 1000 > Date.now() ? 'valid' : 'expired';
  }
}
