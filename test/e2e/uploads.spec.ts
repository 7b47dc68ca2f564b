import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { hostileFiles } from '../builders/documents/hostile-files.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { uploadRaw } from './support/raw-upload.js';
import { collect, textOf } from './support/stream-events.js';
import { downloadFile, listThreadFiles } from './support/thread-files.js';

const MB = 1024 * 1024;
const TOO_LARGE = 600 * MB;
/** Far above what the server needs, far below one upload. */
const MOST_MEMORY_KB = 450 * 1024;

let server: TestServer;
let token: string;
let client: OpenAI;

beforeAll(async () => {
  server = await startServer();
  token = await server.signUp('uploader');
  client = server.openaiFor(token);
});
afterAll(() => server.stop());

async function upload(name: string, content: Buffer): Promise<OpenAI.FileObject> {
  return client.files.create({ file: await toFile(content, name), purpose: 'assistants' });
}

/** Every file that is kept on disk for uploads, finished or not. */
async function blobs(): Promise<string[]> {
  const entries = await readdir(join(server.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Fails unless there are no rows and, as soon as the server has cleaned up, no bytes. */
async function expectNothingKept(): Promise<void> {
  expect((await client.files.list()).data).toEqual([]);
  await eventually(async () => expect(await blobs()).toEqual([]));
}

describe('an upload that cannot be taken', () => {
  it.each([true, false])(
    'is refused beyond 512 MB, in a stream (length declared: %s)',
    async (declaresLength) => {
      const answer = await uploadRaw(server, token, { filename: 'large.bin', bytes: TOO_LARGE, declaresLength });
      expect(answer).toEqual({
        status: 413,
        requestId: expect.stringMatching(/^req_/) as string,
        body: {
          error: {
            message: 'File is too large. The maximum size is 512 MB.',
            type: 'invalid_request_error',
            param: 'file',
            code: 'file_too_large',
          },
          detail: { message: 'File is too large. The maximum size is 512 MB.', code: 'file_too_large' },
        },
      });
      await expectNothingKept();
    },
    60_000,
  );

  (process.platform === 'linux' ? it : it.skip)('was never whole in memory', async () => {
    const status = await readFile(`/proc/${server.processId}/status`, 'utf8');
    const peakKb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
    expect(peakKb).toBeGreaterThan(0);
    expect(peakKb).toBeLessThan(MOST_MEMORY_KB);
  });

  it('is refused when it is empty', async () => {
    const caught: unknown = await upload('empty.csv', Buffer.alloc(0)).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(OpenAI.BadRequestError);
    expect(caught).toMatchObject({ status: 400, param: 'file', code: 'empty_file' });
    await expectNothingKept();
  });

  it('leaves nothing when the client breaks it off', async () => {
    const broken = { filename: 'half.bin', bytes: 64 * MB, declaresLength: true, breakOffAfter: 16 * MB };
    await expect(uploadRaw(server, token, broken)).rejects.toThrow();
    await expectNothingKept();
  });

  it.each<[string, () => string | FormData, Record<string, string>, string | null]>([
    ['no file', () => form({ purpose: 'assistants' }), {}, 'file'],
    ['an unknown purpose', () => form({ purpose: 'world_domination' }, 'x'), {}, 'purpose'],
    ['an unknown field', () => form({ purpose: 'assistants', nonsense: 'x' }, 'x'), {}, 'nonsense'],
    ['a text in place of the file', () => form({ purpose: 'assistants', file: 'text' }), {}, 'file'],
    ['JSON', () => '{"purpose":"assistants"}', { 'content-type': 'application/json' }, 'file'],
    ['no body', () => '', {}, 'file'],
    ['a form without boundary', () => 'x', { 'content-type': 'multipart/form-data' }, 'file'],
    ['a torn form', () => '--b\r\ncontent-', { 'content-type': 'multipart/form-data; boundary=b' }, null],
  ])('is refused with %s', async (_title, body, headers, param) => {
    const answer = await fetch(`${server.baseUrl}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: body(),
    });
    const told = (await answer.json()) as { error: object };
    expect({ status: answer.status, ...told.error }).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param,
    });
    await expectNothingKept();
  });
});

describe('an upload with a hostile name', () => {
  const NAMES: [string, string][] = [
    ['../../x', 'x'],
    ['..\\..\\windows.ini', 'windows.ini'],
    ['/etc/passwd', 'passwd'],
    ['a/../../b.csv', 'b.csv'],
    ['Zoë – 数据.csv', 'Zoë – 数据.csv'],
    ['$(touch pwned) `id`; .csv', '$(touch pwned) `id`; .csv'],
  ];

  it('keeps a plain name, its bytes, and harms nothing in the workspace', async () => {
    const files: OpenAI.FileObject[] = [];
    for (const [name, plain] of NAMES) {
      const content = Buffer.from(`content of ${plain}`);
      const file = await upload(name, content);
      expect(file).toMatchObject({ filename: plain, bytes: content.length, status: 'processed' });
      expect(await downloadFile(client, file.id)).toEqual(content);
      files.push(file);
    }
    const assistant = await client.beta.assistants.create({
      model: 'threadmill-demo',
      tools: [{ type: 'code_interpreter' }],
    });
    const code =
      "import os\nfor name in sorted(os.listdir('/mnt/data')): print(name, open('/mnt/data/' + name).read())";
    const run = await client.beta.threads.createAndRunPoll({
      assistant_id: assistant.id,
      thread: {
        messages: [{ role: 'user', content: `\`\`\`python\n${code}\n\`\`\`` }],
        tool_resources: { code_interpreter: { file_ids: files.map(({ id }) => id) } },
      },
    });
    expect(run).toMatchObject({ status: 'completed', last_error: null });
    const [answer] = (await client.beta.threads.messages.list(run.thread_id)).data;
    for (const [, plain] of NAMES) expect(textOf(answer).value).toContain(`${plain} content of ${plain}`);
    const listed = await listThreadFiles(client, run.thread_id);
    expect(listed.map(({ name }) => name).sort()).toEqual(NAMES.map(([, plain]) => plain).sort());
    for (const { url, name } of listed) expect(await (await fetch(url)).text()).toBe(`content of ${name}`);
  });

  it('leaves the data folder as it is', async () => {
    const entries = await readdir(server.dataDir);
    expect(
      entries.filter((name) => !['blobs', 'database', 'ingestion', 'secrets', 'workspaces'].includes(name)),
    ).toEqual([]);
  });
});

describe('deleting a file', () => {
  it('takes its bytes with it', async () => {
    const before = await blobs();
    const file = await upload('gone.txt', Buffer.from('gone'));
    expect(await blobs()).toHaveLength(before.length + 1);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await eventually(async () => expect((await blobs()).sort()).toEqual(before.sort()));
    await expect(client.files.content(file.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe('documents that are made to break their reader', () => {
  const REFUSED = hostileFiles().filter(({ refusal, content }) => refusal !== null && content.length > 0);
  const POLL = { pollIntervalMs: 250 };

  it('fail, each with its reason, and the server reads the next one', async () => {
    const { vectorStores } = client;
    const store = await vectorStores.create({ name: 'hostile' });
    const whatById = new Map<string, (typeof REFUSED)[number]>();
    for (const hostile of REFUSED) whatById.set((await upload(hostile.filename, hostile.content)).id, hostile);
    const batch = await vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [...whatById.keys()] }, POLL);
    const total = REFUSED.length;
    const file_counts = { in_progress: 0, completed: 0, failed: total, cancelled: 0, total };
    expect(batch).toMatchObject({ status: 'failed', file_counts });
    const files = await collect(
      vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, limit: 100 }),
    );
    expect(files).toHaveLength(total);
    for (const { id, status, last_error, usage_bytes } of files) {
      const { what, refusal } = whatById.get(id) ?? {};
      const code = expect.stringMatching(/^(invalid|unsupported)_file$/) as string;
      const message = expect.stringMatching(refusal ?? /^known$/) as string;
      const failed = { what, status: 'failed', last_error: { code, message }, usage_bytes: 0 };
      expect({ what, status, last_error, usage_bytes }).toEqual(failed);
    }
    const good = await upload('good.txt', Buffer.from('The heron stands in the reeds.'));
    const next = await vectorStores.files.createAndPoll(store.id, { file_id: good.id }, POLL);
    expect(next).toMatchObject({ status: 'completed', last_error: null });
    const { data: found } = await vectorStores.search(store.id, { query: 'heron' });
    expect(found.map(({ file_id }) => file_id)).toEqual([good.id]);
    expect((await fetch(`${server.baseUrl}/health/ready`)).status).toBe(200);
  }, 300_000);
});

function form(fields: Record<string, string>, file?: string): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  if (file !== undefined) data.set('file', new Blob([file]), 'file.txt');
  return data;
}
