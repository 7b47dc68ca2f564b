import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage, forkSibling, sleep } from '@libs/kernel';
import { DirectoryLockedError } from './directory-lock.js';
import { EmbeddedSocket } from './embedded-socket.js';
import type { ChildMessage, ChildOptions, Endpoint, ParentMessage } from './messages.js';

export interface EmbeddedDatabaseOptions {
  /** Folder of the database, its lock and its marker. Made if it is missing. */
  directory: string;
  /** A query that runs longer costs the process: the engine cannot interrupt one. */
  queryLimitMs?: number;
  /** Told in a sentence when the process died, was killed, or could not be started again. */
  onIncident?: (sentence: string) => void;
}

const DEFAULT_QUERY_LIMIT_MS = 60_000;
const WATCH_EVERY_MS = 250;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;
const STOP_PATIENCE_MS = 15_000;
/** The kernel may take so long to say that a process has ended whose connections it has closed, on a machine that is full. */
const DOUBT_MS = 2000;

/** Unix socket addresses end at 104 bytes on macOS, 108 on Linux. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Postgres in a child process of our own, reached through `createSocket` by plain `pg`. A child that dies is
 * replaced: queries under way fail, and the next ones wait for the new child, which takes about a second.
 */
export class EmbeddedDatabase {
  private readonly sockets = new Set<EmbeddedSocket>();
  private socketFolder: string | undefined;
  private child: ChildProcess | undefined;
  private endpoint: Promise<Endpoint> = Promise.reject(new Error('The embedded database is not started.'));
  private watchdog: NodeJS.Timeout | undefined;
  private childEnded: Promise<void> = Promise.resolve();
  private doubtful: Promise<void> = Promise.resolve();
  private unlimited = 0;
  private stopped = true;

  constructor(private readonly options: EmbeddedDatabaseOptions) {
    this.endpoint.catch(() => undefined);
  }

  /** Process id of the running child. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the database answers. Throws DirectoryLockedError where another server uses the directory. */
  async start(): Promise<void> {
    this.stopped = false;
    this.endpoint = this.launch();
    try {
      await this.endpoint;
    } catch (error) {
      await this.close();
      throw error;
    }
    this.watchdog = setInterval(() => this.checkQueries(), WATCH_EVERY_MS);
    this.watchdog.unref();
  }

  /** A stream for one connection of `pg`. */
  createSocket(): EmbeddedSocket {
    const socket = new EmbeddedSocket(() => this.currentEndpoint());
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // Before `pg` hears of it, which may connect again at once.
    const doubt = (): void => {
      this.doubtful = this.untilChildIsKnownDead();
    };
    for (const loss of ['error', 'end']) socket.once(loss, doubt);
    return socket;
  }

  /** Runs work whose queries may take as long as they need, such as migrations that build indexes. */
  async withoutQueryLimit<Result>(work: () => Promise<Result>): Promise<Result> {
    this.unlimited += 1;
    try {
      return await work();
    } finally {
      this.unlimited -= 1;
    }
  }

  /** Writes everything to disk and ends the child. */
  async close(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    const child = this.child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await stopChild(child);
    if (this.socketFolder !== undefined) rmSync(this.socketFolder, { recursive: true, force: true });
    this.socketFolder = undefined;
  }

  private async currentEndpoint(): Promise<Endpoint> {
    await this.doubtful;
    return this.endpoint;
  }

  /**
   * A connection that is lost is often the first sign that the child is dying; the news of its end comes a moment later.
   * Who connects in between would reach a socket that nobody serves.
   */
  private async untilChildIsKnownDead(): Promise<void> {
    if (!this.stopped) await Promise.race([this.childEnded, sleep(DOUBT_MS)]);
  }

  private async launch(): Promise<Endpoint> {
    const options: ChildOptions = { directory: this.options.directory, socketPath: this.freshSocketPath() };
    const child = forkSibling(import.meta.url, 'embedded-database.process', [JSON.stringify(options)]);
    this.child = child;
    this.childEnded = new Promise((resolve) => child.once('exit', () => resolve()));
    const endpoint = await untilReady(child, this.options.directory);
    child.once('exit', (code, signal) => this.replace(signal ?? `code ${code}`));
    return endpoint;
  }

  private freshSocketPath(): string | null {
    if (process.platform === 'win32') return null;
    if (this.socketFolder === undefined) {
      const inTemporary = join(tmpdir(), 'threadmill-');
      this.socketFolder = mkdtempSync(inTemporary.length < LONGEST_SOCKET_PATH - 15 ? inTemporary : '/tmp/threadmill-');
    }
    const path = join(this.socketFolder, 'postgres');
    rmSync(path, { force: true });
    return path;
  }

  private replace(how: string): void {
    if (this.stopped) return;
    this.report(`The embedded database's process ended (${how}) and is started again.`);
    this.endpoint = this.relaunch();
    this.endpoint.catch(() => undefined);
  }

  private async relaunch(): Promise<Endpoint> {
    for (let pause = FIRST_RETRY_MS; !this.stopped; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
      try {
        return await this.launch();
      } catch (error) {
        this.report(`The embedded database could not be started again: ${errorMessage(error)}`);
        await sleep(pause);
      }
    }
    throw new Error('The embedded database is closed.');
  }

  private checkQueries(): void {
    const limit = this.options.queryLimitMs ?? DEFAULT_QUERY_LIMIT_MS;
    const now = Date.now();
    for (const socket of this.sockets) {
      if (socket.waited(now) < limit || this.unlimited > 0) continue;
      this.report(`A query ran longer than ${limit} ms; the embedded database is ended to be rid of it.`);
      this.child?.kill('SIGKILL');
      return;
    }
  }

  private report(sentence: string): void {
    this.options.onIncident?.(sentence);
  }
}

function untilReady(child: ChildProcess, directory: string): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The embedded database ended while it started (${signal ?? `code ${code}`}).`)),
    );
    child.once('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolve(message.endpoint);
      else if (message.type === 'locked') reject(new DirectoryLockedError(directory));
      else reject(new Error(`The embedded database in ${directory} cannot be opened: ${message.reason}`));
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lastResort = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  if (child.connected) child.send({ type: 'stop' } satisfies ParentMessage);
  await ended;
  clearTimeout(lastResort);
}
