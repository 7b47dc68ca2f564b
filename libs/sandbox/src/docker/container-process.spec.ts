import { PassThrough } from 'node:stream';
import type { Container } from 'dockerode';
import { ContainerProcess } from './container-process.js';

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
});
