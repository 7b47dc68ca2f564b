import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { MessageGroups } from './message-groups.js';
import type { Endpoint } from './messages.js';

/** Answers are gathered up to this size: each piece that is sent by itself costs both processes a system call. */
const GATHERED_BYTES = 256 * 1024;
const NOT_ENCRYPTED = 'N';
/** The protocol's Query message. */
const ROLLBACK = new Uint8Array(Buffer.from('Q\0\0\0\x0dROLLBACK\0', 'latin1'));

/** What the server needs of the engine. */
export type Engine = Pick<PGlite, 'execProtocolRawStream' | 'isInTransaction'>;

interface Connection {
  socket: Socket;
  /** Groups of messages that wait for their turn. */
  waiting: Uint8Array[];
  isOpen: boolean;
}

/**
 * Lets connections talk to an engine that has one session. They take turns by groups of messages, and whoever has begun
 * a transaction has the engine alone until it ends; where the connection ends before, it is taken back.
 */
export class EngineServer {
  private readonly server: Server;
  private readonly connections = new Set<Connection>();
  private owner: Connection | null = null;
  private isBusy = false;
  /** Kept, since an answer is dozens of pieces of the engine's, and memory for each costs more than to copy it. */
  private readonly gathered = new Uint8Array(GATHERED_BYTES);

  constructor(
    private readonly engine: Engine,
    mostConnections: number,
  ) {
    this.server = createServer((socket) => this.accept(socket));
    this.server.maxConnections = mostConnections;
  }

  /** @param socketPath null: a free port of the loopback address */
  async listen(socketPath: string | null): Promise<Endpoint> {
    if (socketPath === null) this.server.listen(0, '127.0.0.1');
    else this.server.listen(socketPath);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') return { path: socketPath ?? address ?? '' };
    return { host: address.address, port: address.port };
  }

  /** Ends all connections, once what is being run has ended. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const { socket } of this.connections) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    const connection: Connection = { socket, waiting: [], isOpen: true };
    const groups = new MessageGroups();
    this.connections.add(connection);
    socket.on('data', (chunk) => {
      try {
        for (const group of groups.push(chunk)) {
          if (group.type === 'messages') connection.waiting.push(group.bytes);
          else if (group.type === 'encryption') socket.write(NOT_ENCRYPTED);
        }
        void this.work();
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      connection.isOpen = false;
      this.connections.delete(connection);
      void this.work();
    });
  }

  /** Runs what waits, one group after another. The engine's failures end the process, which is its own affair. */
  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await this.dropLostTransaction();
      for (let next = this.next(); next !== null; next = this.next()) {
        await this.run(next.connection, next.messages);
        await this.dropLostTransaction();
      }
    } finally {
      this.isBusy = false;
    }
  }

  private next(): { connection: Connection; messages: Uint8Array } | null {
    const candidates = this.engine.isInTransaction() && this.owner !== null ? [this.owner] : this.connections;
    for (const connection of candidates) {
      const messages = connection.waiting.shift();
      if (messages !== undefined) return { connection, messages };
    }
    return null;
  }

  private async dropLostTransaction(): Promise<void> {
    if (this.owner?.isOpen !== false) return;
    this.owner = null;
    if (!this.engine.isInTransaction()) return;
    await this.engine.execProtocolRawStream(ROLLBACK, { onRawData: () => undefined });
  }

  private async run(connection: Connection, messages: Uint8Array): Promise<void> {
    this.owner = connection;
    const answer = new GatheredAnswer(connection.socket, this.gathered);
    await this.engine.execProtocolRawStream(messages, { onRawData: (bytes) => answer.add(bytes) });
    answer.end();
  }
}

/** Sends an answer in few large pieces. */
class GatheredAnswer {
  private size = 0;

  /** @param gathered where others' answers were, all of them sent */
  constructor(
    private readonly socket: Socket,
    private readonly gathered: Uint8Array,
  ) {}

  /** @param bytes of the engine's memory, which are other ones later */
  add(bytes: Uint8Array): void {
    if (this.size + bytes.length > this.gathered.length) this.end();
    if (bytes.length > this.gathered.length) {
      this.send(bytes);
      return;
    }
    this.gathered.set(bytes, this.size);
    this.size += bytes.length;
  }

  end(): void {
    if (this.size > 0) this.send(this.gathered.subarray(0, this.size));
    this.size = 0;
  }

  private send(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(Buffer.from(bytes));
  }
}
