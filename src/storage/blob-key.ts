const BLOB_KEY = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a text can be a blob's key. */
export function isBlobKey(text: string): boolean {
  return BLOB_KEY.test(text);
}

/**
 * Returns the key. Keys are of our own making, so a bad one is a defect of ours: every store refuses it before it
 * becomes a path or a URL.
 */
export function assertBlobKey(key: string): string {
  if (!isBlobKey(key)) throw new Error(`Not a blob key: ${JSON.stringify(key)}`);
  return key;
}
