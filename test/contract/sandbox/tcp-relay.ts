import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a caller and a host, and does to their connections what networks do. */
export class TcpRelay {
  /** Bytes that came from the host. */
  received = 0;
  /** Bytes that came from the caller. */
  sent = 0;
  private readonly sockets = new Set<Socket>();
  private isHalted = false;

  private constructor(private readonly server: Server) {}

  static async start(targetUrl: string): Promise<TcpRelay> {
    const server = createServer();
    const relay = new TcpRelay(server);
    server.on('connection', (caller) => relay.join(caller, Number(new URL(targetUrl).port)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection. New ones are possible. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  /** Passes nothing on, in either direction, as a lost route would. */
  halt(): void {
    this.isHalted = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isHalted = false;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(caller: Socket, port: number): void {
    const host = connect(port, '127.0.0.1');
    this.pass(caller, host, (bytes) => (this.sent += bytes));
    this.pass(host, caller, (bytes) => (this.received += bytes));
  }

  private pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      count(chunk.length);
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => {
        if (!this.isHalted) from.resume();
      });
    });
    from.on('error', () => to.destroy()).on('end', () => to.end());
    from.once('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    if (this.isHalted) from.pause();
  }
}
