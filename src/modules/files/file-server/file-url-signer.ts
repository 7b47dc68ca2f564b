import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WorkspaceFileAddress } from '../workspace-files.repository.js';
import { toFilePath } from './file-address.js';

/** Signs and checks the URLs of the file server: HMAC-SHA256 over the path and the time it ends. */
export class FileUrlSigner {
  constructor(private readonly key: Buffer) {}

  /** Path and query. `expiresAt` in whole seconds since 1970. */
  sign(address: WorkspaceFileAddress, expiresAt: number): string {
    const path = toFilePath(address);
    return `${path}?expires=${expiresAt}&signature=${this.signature(path, String(expiresAt)).toString('base64url')}`;
  }

  /** When a well signed URL ends, in seconds since 1970; undefined for one that is not ours. In constant time. */
  verify(address: WorkspaceFileAddress, query: URLSearchParams): number | undefined {
    const expires = query.get('expires') ?? '';
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    const expected = this.signature(toFilePath(address), expires);
    return given.length === expected.length && timingSafeEqual(given, expected) ? Number(expires) : undefined;
  }

  private signature(path: string, expires: string): Buffer {
    return createHmac('sha256', this.key).update(`${expires} ${path}`).digest();
  }
}
