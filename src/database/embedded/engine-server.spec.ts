import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { sleep } from '@libs/kernel';
import { EngineServer, type Engine } from './engine-server.js';

const START = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);

/** A Query message of the protocol. */
function query(text: string): Buffer {
  const message = Buffer.from(`Q0000${text}\0`);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}

/** Answers with what it was given, and knows no more of transactions than when one begins and ends. */
class RecordingEngine implements Engine {
  readonly ran: string[] = [];
  private inTransaction = false;
  private gate: Promise<void> = Promise.resolve();

  execProtocolRawStream(messages: Uint8Array, options: { onRawData: (bytes: Uint8Array) => void }): Promise<void> {
    return this.gate.then(() => {
      const text = Buffer.from(messages).toString('latin1');
      const said = /Q....([^\0]*)\0$/s.exec(text)?.[1] ?? 'start';
      this.ran.push(said);
      if (said === 'BEGIN') this.inTransaction = true;
      if (said === 'COMMIT' || said === 'ROLLBACK') this.inTransaction = false;
      options.onRawData(Buffer.from(`<${said}>`));
    });
  }

  isInTransaction(): boolean {
    return this.inTransaction;
  }

  /** Holds what comes until the function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.gate = new Promise((resolve) => (release = resolve));
    return release;
  }
}

describe('EngineServer', () => {
  let engine: RecordingEngine;
  let server: EngineServer;
  let port: number;
  const clients: Socket[] = [];

  beforeEach(async () => {
    engine = new RecordingEngine();
    server = new EngineServer(engine, 10);
    const endpoint = await server.listen(null);
    port = 'port' in endpoint ? endpoint.port : 0;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await server.close();
  });

  async function open(): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect(port, '127.0.0.1');
    clients.push(socket);
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    await once(socket, 'connect');
    socket.write(START);
    while (text !== '<start>') await sleep(1);
    return { socket, heard: () => text.slice('<start>'.length) };
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(1);
  }

  it('answers each connection what it asked', async () => {
    const [one, other] = [await open(), await open()];
    one.socket.write(query('SELECT 1'));
    other.socket.write(Buffer.concat([query('SELECT 2'), query('SELECT 3')]));
    await until(() => one.heard() !== '' && other.heard().includes('3'));
    expect([one.heard(), other.heard()]).toEqual(['<SELECT 1>', '<SELECT 2><SELECT 3>']);
  });

  it('lets nobody else into a transaction', async () => {
    const [one, other] = [await open(), await open()];
    one.socket.write(query('BEGIN'));
    await until(() => one.heard() === '<BEGIN>');
    other.socket.write(query('SELECT 2'));
    await sleep(30);
    one.socket.write(query('SELECT 1'));
    await until(() => one.heard().includes('SELECT 1'));
    expect(other.heard()).toBe('');
    one.socket.write(query('COMMIT'));
    await until(() => other.heard() === '<SELECT 2>');
    expect(engine.ran.slice(2)).toEqual(['BEGIN', 'SELECT 1', 'COMMIT', 'SELECT 2']);
  });

  it('takes back what a lost connection had begun, before anybody else goes on', async () => {
    const [one, other] = [await open(), await open()];
    one.socket.write(query('BEGIN'));
    await until(() => one.heard() === '<BEGIN>');
    other.socket.write(query('SELECT 2'));
    one.socket.destroy();
    await until(() => other.heard() === '<SELECT 2>');
    expect(engine.ran.slice(2)).toEqual(['BEGIN', 'ROLLBACK', 'SELECT 2']);
  });

  it('runs nothing of a connection that has left while others were served', async () => {
    const [one, other] = [await open(), await open()];
    const release = engine.hold();
    one.socket.write(query('SELECT 1'));
    await sleep(20);
    other.socket.write(query('DELETE'));
    await sleep(20);
    other.socket.destroy();
    await sleep(20);
    release();
    await until(() => one.heard() === '<SELECT 1>');
    await sleep(20);
    expect(engine.ran).not.toContain('DELETE');
  });

  it('ends a connection that does not speak the protocol', async () => {
    const { socket } = await open();
    const ended = once(socket, 'close');
    socket.write(Buffer.from('Q\0\0\0\x01'));
    await ended;
  });
});
