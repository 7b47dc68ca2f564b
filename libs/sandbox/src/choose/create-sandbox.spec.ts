import { SandboxError, type ProbeResult, type SandboxProvider } from '../ports/sandbox-provider.js';
import { chooseProvider, createSandbox } from './create-sandbox.js';

class StubProvider implements SandboxProvider {
  isClosed = false;

  constructor(
    readonly name: string,
    private readonly result: ProbeResult,
  ) {}

  probe = (): Promise<ProbeResult> => Promise.resolve(this.result);
  state = (): undefined => undefined;
  acquire = (): Promise<never> => Promise.reject(new Error('not asked for'));
  reapOrphans = (): Promise<void> => Promise.resolve();

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const USABLE: ProbeResult = { ok: true, isolation: 'wasm', python: '3.14.0', modules: [], enforces: [] };

describe('chooseProvider', () => {
  it('takes the first whose probe succeeds, and closes those before it', async () => {
    const first = new StubProvider('first', { ok: false, reason: 'no' });
    const second = new StubProvider('second', USABLE);
    const third = new StubProvider('third', USABLE);
    expect(await chooseProvider([first, second, third])).toBe(second);
    expect([first, second, third].map((provider) => provider.isClosed)).toEqual([true, false, false]);
  });

  it('refuses every session where none is usable, and says what to install', async () => {
    const provider = await chooseProvider([new StubProvider('first', { ok: false, reason: 'it is missing' })]);
    expect(provider.name).toBe('none');
    expect(await provider.probe()).toEqual({ ok: false, reason: 'first: it is missing' });
    const refusal = provider.acquire({ workspaceId: 'w', tenantId: 't' });
    await expect(refusal).rejects.toThrow(SandboxError);
    await expect(refusal).rejects.toThrow(/apt install bubblewrap/);
  });
});

it('switches code execution off if asked to', async () => {
  const provider = await createSandbox({ choice: 'none', workspacesRoot: '/nowhere', python: '/usr/bin/python3' });
  await expect(provider.acquire({ workspaceId: 'w', tenantId: 't' })).rejects.toThrow('switched off');
});
