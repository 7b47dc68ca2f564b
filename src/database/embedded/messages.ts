/** What the child process is told when it is started. */
export interface ChildOptions {
  /** Folder that holds the database, the lock and the marker. */
  directory: string;
  /** Unix socket to listen on; null: a free port of the loopback address, where unix sockets are missing. */
  socketPath: string | null;
}

/** Where the child listens. */
export type Endpoint = { path: string } | { port: number; host: string };

/** What the child says, once, when it has started or could not. */
export type ChildMessage = { type: 'ready'; endpoint: Endpoint } | { type: 'locked' | 'failed'; reason: string };

/** What the parent says: flush everything and exit. */
export interface ParentMessage {
  type: 'stop';
}
