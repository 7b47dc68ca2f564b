import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** What a derived key is for. Keys of different purposes tell nothing about each other. */
export type KeyPurpose = 'file-urls';

/** The server's one secret: JWT_SECRET_KEY, or the random one kept in DATA_DIR. */
export class ServerSecrets {
  constructor(readonly tokenKey: string) {}

  /** A key for another purpose than tokens, by HKDF-SHA256 (RFC 5869). The same in every process and after a restart. */
  deriveKey(purpose: KeyPurpose): Buffer {
    return Buffer.from(hkdfSync('sha256', this.tokenKey, '', `threadmill/${purpose}`, KEY_BYTES));
  }
}
