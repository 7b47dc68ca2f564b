import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFile } from 'openai';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/requirements.js';
import { ServerProcess } from '../support/server-process.js';
import { runPython, SandboxAdmin } from './support/sandbox-view.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

const TOKEN = 'the-token-of-the-tests-and-of-nothing-else';
const SHARED = { JWT_SECRET_KEY: 'the-secret-of-the-test-and-of-nothing-else', RUN_REAP_INTERVAL_SECONDS: '1' };
const HOSTS_AT = /runs code for others at (http:\/\/\S+)/;
const START_MS = 180_000;
const LOST = 'its variables are gone';

describeWith('postgres', 'an installation of several processes', () => {
  describeWith('redis', 'with Redis', () => {
    describeWith('bubblewrap', 'and bubblewrap', () => {
      describe('whose code runs on a sandbox host', describeRemote);
      describe('whose code runs where the runs do', describeLocal);
    });
  });
});

function describeRemote(): void {
  let scripted: ScriptedServer;
  let admin: SandboxAdmin;
  let host: ServerProcess;
  let hostFolder: string;
  let url: string;
  let added: ServerProcess | undefined;

  /** Without a database, Redis or models. */
  const startHost = async (port: string): Promise<string> => {
    host = await ServerProcess.spawn({
      ...{ ROLE: 'sandbox', DATA_DIR: hostFolder, SANDBOX_WARM_KERNELS: '0' },
      ...{ SANDBOX_REMOTE_TOKEN: TOKEN, SANDBOX_LISTEN_PORT: port },
    });
    return (await host.waitFor(HOSTS_AT))[1] ?? '';
  };
  const environment = (): Record<string, string> => ({
    ...SHARED,
    ...{ SANDBOX_PROVIDER: 'remote', SANDBOX_REMOTE_URLS: url, SANDBOX_REMOTE_TOKEN: TOKEN },
  });
  const addWorker = async (): Promise<void> => {
    const models = { VLLM_HOST: scripted.models.url };
    added = await ServerProcess.spawn({
      ...{ ...scripted.server.environment, ...environment(), ...models },
      ...{ ROLE: 'worker', HTTP_SERVER_PORT: '0' },
    });
    await added.waitFor(/Threadmill works on jobs\./);
  };

  beforeAll(async () => {
    hostFolder = await mkdtemp(join(tmpdir(), 'threadmill-host-'));
    url = await startHost('0');
    scripted = await startScriptedServer({ engine: 'postgres+redis', workers: 2, env: environment() });
    admin = await SandboxAdmin.of(scripted);
  }, START_MS);
  afterAll(async () => {
    await added?.kill('SIGTERM');
    await scripted.stop();
    await host.kill('SIGTERM');
    await rm(hostFolder, { recursive: true, force: true });
  });

  it(
    'counts each run once, whichever of two workers takes it',
    async () => {
      const threadId = await scripted.newThread();
      await runPython(scripted, threadId, 'n = 0');
      for (let round = 1; round <= 6; round += 1) {
        expect(await runPython(scripted, threadId, 'n += 1\nprint(n)')).toBe(`${round}\n`);
      }
    },
    START_MS,
  );

  it(
    'keeps the variables and files of a thread from worker to worker',
    async () => {
      const { client, server } = scripted;
      const file = await client.files.create({
        file: await toFile(Buffer.from('in'), 'in.txt'),
        purpose: 'assistants',
      });
      const { id: threadId } = await client.beta.threads.create({
        messages: [
          {
            role: 'user',
            content: 'Compute.',
            attachments: [{ file_id: file.id, tools: [{ type: 'code_interpreter' }] }],
          },
        ],
      });
      await runPython(scripted, threadId, 'x = 41\nopen("/mnt/data/out.txt", "w").write("out")\nNone');
      const [first = 0, second = 0] = server.workerIds;
      await end(first, 'SIGTERM');
      const code = 'print(x + 1, open("/mnt/data/in.txt").read(), open("/mnt/data/out.txt").read())';
      expect(await runPython(scripted, threadId, code)).toBe('42 in out\n');
      await addWorker();
      await end(second, 'SIGKILL');
      // Surely another worker than that of the run before.
      expect(await runPython(scripted, threadId, 'print(x + 2)')).toBe('43\n');
    },
    START_MS,
  );

  it('is seen as a whole, and its sessions end by their ids and with their threads', async () => {
    const threadId = await scripted.newThread();
    await runPython(scripted, threadId, 'y = 1');
    const { processes, sessions, available, enforces } = await admin.view();
    expect(processes.map(({ role }) => role)).toEqual(expect.arrayContaining(['api', 'worker', 'sandbox']));
    expect(processes.find(({ role }) => role === 'sandbox')).toMatchObject({ provider: 'bubblewrap', available: true });
    expect({ available, held: enforces.includes('network') }).toEqual({ available: true, held: true });
    const newest = sessions.at(-1);
    expect(newest).toMatchObject({ process: new URL(url).host, status: 'idle' });
    expect(await admin.kill(newest?.id ?? '')).toBe(200);
    expect(await admin.kill(newest?.id ?? '')).toBe(404);
    expect(await runPython(scripted, threadId, 'print("y" in globals())')).toContain(`False\n`);
    const count = (await admin.view()).sessions.length;
    await scripted.client.beta.threads.delete(threadId);
    await eventually(async () => expect((await admin.view()).sessions).toHaveLength(count - 1));
  });

  it(
    'tells of a host that died in the middle of a call, and goes on when it is back',
    async () => {
      const threadId = await scripted.newThread();
      await runPython(scripted, threadId, 'z = 1\nopen("/mnt/data/kept.txt", "w").write("kept")\nNone');
      const dying = runPython(scripted, threadId, 'import time\nprint("begun", flush=True)\ntime.sleep(60)');
      await eventually(async () => expect((await admin.view()).sessions.at(-1)?.status).toBe('running'));
      await host.kill('SIGKILL');
      expect(await dying).toMatch(/host was lost.*variables are gone/s);
      await eventually(async () => expect((await admin.view()).available).toBe(false));
      await startHost(new URL(url).port);
      await eventually(async () => expect((await admin.view()).available).toBe(true));
      const logs = await runPython(scripted, threadId, 'print("z" in globals(), open("/mnt/data/kept.txt").read())');
      expect(logs).toContain('False kept\n');
      expect(logs).toContain(LOST);
    },
    START_MS,
  );
}

function describeLocal(): void {
  let scripted: ScriptedServer;
  let admin: SandboxAdmin;
  beforeAll(async () => {
    const env = { ...SHARED, SANDBOX_PROVIDER: 'bubblewrap' };
    scripted = await startScriptedServer({ engine: 'postgres+redis', workers: 2, env });
    admin = await SandboxAdmin.of(scripted);
  }, START_MS);
  afterAll(() => scripted.stop());

  it(
    'shows the sessions of every process, and ends one in whichever it lives',
    async () => {
      await eventually(async () => {
        const { processes } = await admin.view();
        expect(processes.map(({ role, available }) => [role, available])).toEqual([
          ['api', true],
          ['worker', true],
          ['worker', true],
        ]);
      });
      const threadId = await scripted.newThread();
      await runPython(scripted, threadId, 'y = 1');
      await eventually(async () => expect((await admin.view()).sessions).toHaveLength(1));
      const { processes, sessions } = await admin.view();
      const [session] = sessions;
      expect(processes.find(({ id }) => id === session?.process)).toMatchObject({ role: 'worker', sessions: 1 });
      expect(await admin.kill('sbx_unknown')).toBe(404);
      expect(await admin.kill(session?.id ?? '')).toBe(200);
      expect((await admin.view()).sessions).toEqual([]);
      expect(await runPython(scripted, threadId, 'print("y" in globals())')).toContain(LOST);
    },
    START_MS,
  );

  it('forgets a process that was killed', async () => {
    const [pid = 0] = scripted.server.workerIds;
    process.kill(pid, 'SIGKILL');
    await eventually(async () => expect((await admin.view()).processes).toHaveLength(2));
  });
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await eventually(() => expect(isAlive(pid)).toBe(false));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
