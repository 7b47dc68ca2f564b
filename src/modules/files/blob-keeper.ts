/** Another module that keeps blobs of its own beside those of files. */
export interface BlobKeeper {
  /** Those of the keys that are in use, of any tenant. */
  usedBlobKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes what is past its time, of every tenant. */
  removeExpired(): Promise<void>;
}
