import { toFile } from 'openai';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/requirements.js';
import { pythonTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

interface SandboxView {
  provider: string;
  tier: string;
  modules: string[];
  limits: { timeout_seconds: number };
  pool: { size: number; ready: number; served: number };
  sessions: { id: string; status: string }[];
}

describeWith('bubblewrap', 'interpreters of threads', () => {
  let scripted: ScriptedServer;
  let admin: string;

  beforeAll(async () => {
    scripted = await startScriptedServer({ env: { SANDBOX_PROVIDER: 'bubblewrap', SANDBOX_WARM_KERNELS: '1' } });
    admin = await scripted.server.logIn('admin', scripted.server.adminPassword);
  });
  afterAll(() => scripted.stop());

  const ask = (path: string, token = admin, method = 'GET'): Promise<Response> =>
    fetch(`${scripted.server.baseUrl}/v1/sandbox${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const view = async (): Promise<SandboxView> => (await (await ask('')).json()) as SandboxView;

  /** The logs of a run of one call, and what the model then read of it. */
  async function run(threadId: string, code: string): Promise<string> {
    const { client, models, assistantId } = scripted;
    models.setScript([pythonTurn(code), { text: 'Done.' }]);
    const { id, status, last_error } = await client.beta.threads.runs.createAndPoll(threadId, {
      assistant_id: assistantId,
    });
    expect({ status, last_error }).toEqual({ status: 'completed', last_error: null });
    const steps = await client.beta.threads.runs.steps.list(id, { thread_id: threadId, order: 'asc' });
    const calls = steps.data.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls' ? details.tool_calls : [],
    );
    return calls
      .flatMap((call) => (call.type === 'code_interpreter' ? call.code_interpreter.outputs : []))
      .map((output) => (output.type === 'logs' ? output.logs : ''))
      .join('');
  }

  it('keep variables from run to run, see new files, and end with their thread', async () => {
    const { client } = scripted;
    const threadId = await scripted.newThread();
    expect(await run(threadId, 'x = 41')).toBe('');
    const file = await client.files.create({
      file: await toFile(Buffer.from('later'), 'later.txt'),
      purpose: 'assistants',
    });
    await client.beta.threads.messages.create(threadId, {
      role: 'user',
      content: 'One more.',
      attachments: [{ file_id: file.id, tools: [{ type: 'code_interpreter' }] }],
    });
    expect(await run(threadId, 'print(x + 1, open("/mnt/data/later.txt").read())')).toBe('42 later\n');
    const { sessions } = await view();
    expect(sessions).toMatchObject([{ status: 'idle' }]);
    await client.beta.threads.delete(threadId);
    await eventually(async () => expect((await view()).sessions).toEqual([]));
  });

  it('begin with a kernel that was warm already', async () => {
    await eventually(async () => expect((await view()).pool.ready).toBe(1));
    const before = (await view()).pool.served;
    const threadId = await scripted.newThread();
    expect(await run(threadId, 'print("warm")')).toBe('warm\n');
    expect((await view()).pool.served).toBe(before + 1);
    await scripted.client.beta.threads.delete(threadId);
    await eventually(async () => expect((await view()).sessions).toEqual([]));
  });

  it('are killed by an administrator; the files stay, and the model is told', async () => {
    const threadId = await scripted.newThread();
    await run(threadId, 'y = 1\nopen("/mnt/data/kept.txt", "w").write("kept")\nNone');
    const id = (await view()).sessions[0]?.id ?? '';
    expect(await (await ask(`/sessions/${id}`, admin, 'DELETE')).json()).toEqual({
      ...{ id, object: 'sandbox.session.deleted', deleted: true },
    });
    expect((await ask(`/sessions/${id}`, admin, 'DELETE')).status).toBe(404);
    const logs = await run(threadId, 'print("y" in globals(), open("/mnt/data/kept.txt").read())');
    expect(logs).toContain('False kept\n');
    expect(logs).toContain('its variables are gone, the files remain');
    await scripted.client.beta.threads.delete(threadId);
  });

  it('are known to administrators only, without what runs in them', async () => {
    const threadId = await scripted.newThread();
    await run(threadId, 'password = "hidden"');
    expect((await ask('', scripted.token)).status).toBe(403);
    const id = (await view()).sessions[0]?.id ?? '';
    expect((await ask(`/sessions/${id}`, scripted.token, 'DELETE')).status).toBe(403);
    const text = await (await ask('')).text();
    expect(text).not.toContain(threadId);
    expect(text).not.toContain('hidden');
    expect(JSON.parse(text)).toMatchObject({
      object: 'sandbox',
      ...{ provider: 'bubblewrap', available: true, tier: 'namespaces' },
      limits: { timeout_seconds: 120, processes: 64 },
      pool: { size: 1 },
      sessions: [{ object: 'sandbox.session', status: 'idle' }],
    });
  });

  it('are of the request in chat completions, whose model hears which modules there are', async () => {
    const { models, server, token, client } = scripted;
    const file = await client.files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose: 'assistants' });
    const before = (await view()).sessions.length;
    models.setScript([pythonTurn('print(6 * 7)'), { text: 'It is 42.' }]);
    const answer = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: models.model,
        messages: [{ role: 'user', content: 'Compute.' }],
        file_ids: [file.id],
      }),
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain('It is 42.');
    expect((await view()).sessions).toHaveLength(before);
    const { modules } = await view();
    const told = modules.length === 0 ? 'Only the standard library' : `can be imported: ${modules.join(', ')}.`;
    expect(JSON.stringify(models.requests.at(-1)?.body)).toContain(told);
  });
});
