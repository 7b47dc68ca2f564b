/** The place of one workspace on the host. */
export interface Room {
  /** Holds the others; only the host writes into it directly. */
  readonly directory: string;
  /** What the code sees as /mnt/data. */
  readonly data: string;
  /** What the code sees as /tmp and /dev/shm. */
  readonly scratch: string;
  /** Who the files belong to, where the code runs as another user. */
  readonly owner: { uid: number; gid: number } | undefined;
  /** Whether the file system itself refuses what is too much; otherwise usage is polled. */
  readonly quotaHeld: boolean;
  /** Removes everything. No process may be left in it. */
  remove(): Promise<void>;
}
