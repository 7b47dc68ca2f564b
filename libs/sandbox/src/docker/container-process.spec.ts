import { PassThrough } from 'node:stream';
import type { Container } from 'dockerode';
import { ContainerProcess } from './container-process.js';
import { CHANNEL } from './relay/relay-source.js';

/** What the code prints, as the relay frames it, and the engine once more. */
function printed(bytes: number): Buffer {
  const frame = (channel: number, data: Buffer): Buffer => {
    const header = Buffer.alloc(8);
    header.writeUInt8(channel, 0);
    header.writeUInt32BE(data.length, 4);
    return Buffer.concat([header, data]);
  };
  return frame(1, frame(CHANNEL.stdout, Buffer.alloc(bytes, 'x')));
}

/** A container that notes what its engine is asked. */
function start({ oomKilled = false } = {}): { kernel: ContainerProcess; connection: PassThrough; asked: string[] } {
  const asked: string[] = [];
  const note =
    (question: string, answer: unknown = {}) =>
    (): Promise<unknown> => {
      asked.push(question);
      return Promise.resolve(answer);
    };
  const container = {
    kill: note('kill'),
    wait: note('wait'),
    inspect: note('inspect', { State: { OOMKilled: oomKilled } }),
    remove: note('remove'),
  };
  const connection = new PassThrough();
  return { kernel: new ContainerProcess(container as unknown as Container, connection, 1000), connection, asked };
}

describe('ContainerProcess', () => {
  it('asks for nothing but the removal when it is killed, once', async () => {
    const { kernel, asked } = start();
    await Promise.all([kernel.kill('disk'), kernel.kill('unknown')]);
    expect(await kernel.ended).toBe('disk');
    expect(asked).toEqual(['remove']);
  });

  it.each([
    ['memory', true],
    ['unknown', false],
  ])('asks for the cause (%s) when the connection closes', async (cause, oomKilled) => {
    const { kernel, connection, asked } = start({ oomKilled });
    connection.destroy();
    expect(await kernel.ended).toBe(cause);
    expect(asked).toEqual(['kill', 'wait', 'inspect', 'remove']);
  });

  it('asks for nothing while it lives: podman would look for its end without a pause', async () => {
    const { kernel, asked } = start();
    kernel.interrupt();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([]);
    await kernel.kill('unknown');
  });

  it('takes no output that nobody reads, until it is killed: the engine could not end it else', async () => {
    const { kernel, connection } = start();
    connection.write(printed(1_000_000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.isPaused()).toBe(true);
    await kernel.kill('unknown');
    expect(connection.isPaused()).toBe(false);
    for (let more = 0; more < 8; more += 1) connection.write(printed(1_000_000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.isPaused()).toBe(false);
    expect(kernel.outputs.stdout.readableLength + kernel.outputs.stdout.writableLength).toBeLessThan(3_000_000);
  });
});
