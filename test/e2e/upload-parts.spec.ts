import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

const MB = 1024 * 1024;

type Upload = OpenAI.Uploads.Upload;

describe('uploads in parts', () => {
  let server: TestServer;
  let alice: OpenAI;
  let bob: OpenAI;

  beforeAll(async () => {
    server = await startServer({ env: { MAX_FILE_SIZE_MB: '8', MAX_UPLOAD_SIZE_MB: '32' } });
    alice = server.openaiFor(await server.signUp('alice'), { maxRetries: 0 });
    bob = server.openaiFor(await server.signUp('bob'), { maxRetries: 0 });
  });
  afterAll(() => server?.stop());

  const create = (bytes: number, more: Partial<OpenAI.UploadCreateParams> = {}): Promise<Upload> =>
    alice.uploads.create({ filename: 'data.csv', purpose: 'assistants', bytes, mime_type: 'text/csv', ...more });

  const addPart = async (upload: Upload, content: Buffer | string, client = alice): Promise<string> => {
    const data = await toFile(Buffer.from(content), 'blob');
    return (await client.uploads.parts.create(upload.id, { data })).id;
  };

  const contentOf = async (fileId: string): Promise<Buffer> =>
    Buffer.from(await (await alice.files.content(fileId)).arrayBuffer());

  async function blobs(): Promise<string[]> {
    const entries = await readdir(join(server.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  it('makes a file of 20 MB in three parts, larger than one request may be', async () => {
    const content = randomBytes(20 * MB);
    const upload = await create(content.length, { filename: '../dir/big.bin', purpose: 'user_data' as never });
    expect(upload).toMatchObject({ object: 'upload', status: 'pending', bytes: 20 * MB, filename: 'big.bin' });
    expect(upload.id).toMatch(/^upload_\w{24}$/);
    expect(upload.expires_at - upload.created_at).toBe(3600);
    const pieces = [content.subarray(0, 9 * MB), content.subarray(9 * MB, 10 * MB), content.subarray(10 * MB)];
    const partIds = await Promise.all(pieces.map((piece) => addPart(upload, piece)));
    const md5 = createHash('md5').update(content).digest('hex');
    const completed = await alice.uploads.complete(upload.id, { part_ids: partIds, md5 });
    expect(completed).toMatchObject({
      id: upload.id,
      status: 'completed',
      file: { object: 'file', bytes: 20 * MB, filename: 'big.bin', purpose: 'user_data', expires_at: null },
    });
    const fileId = completed.file?.id ?? '';
    expect((await contentOf(fileId)).equals(content)).toBe(true);
    expect(await alice.files.retrieve(fileId)).toMatchObject({ id: fileId, bytes: 20 * MB });
    expect((await blobs()).filter((name) => name.startsWith('part_'))).toEqual([]);
  });

  it('joins the parts in the order named, whichever came first', async () => {
    const texts = ['one,', 'two,', 'three'];
    const upload = await create(13);
    const last = await addPart(upload, texts[2] ?? '');
    const first = await addPart(upload, texts[0] ?? '');
    const middle = await addPart(upload, texts[1] ?? '');
    const { file } = await alice.uploads.complete(upload.id, { part_ids: [first, middle, last] });
    expect((await contentOf(file?.id ?? '')).toString()).toBe('one,two,three');
    const reversed = await create(13);
    const ids: string[] = [];
    for (const text of texts) ids.push(await addPart(reversed, text));
    const other = await alice.uploads.complete(reversed.id, { part_ids: ids.reverse() });
    expect((await contentOf(other.file?.id ?? '')).toString()).toBe('threetwo,one,');
  });

  it('gives a part as the wire has it, and the file the life that was asked for', async () => {
    const upload = await create(2, { expires_after: { anchor: 'created_at', seconds: 7200 } });
    const part = await alice.uploads.parts.create(upload.id, { data: await toFile(Buffer.from('ab'), 'x') });
    expect(part).toEqual({
      id: expect.stringMatching(/^part_\w{24}$/),
      object: 'upload.part',
      created_at: expect.any(Number),
      upload_id: upload.id,
    });
    const { file } = await alice.uploads.complete(upload.id, { part_ids: [part.id] });
    expect((file?.expires_at ?? 0) - (file?.created_at ?? 0)).toBe(7200);
  });

  it('leaves out the parts that are not named', async () => {
    const upload = await create(4);
    await addPart(upload, 'failed try');
    const good = await addPart(upload, 'good');
    const { file } = await alice.uploads.complete(upload.id, { part_ids: [good] });
    expect((await contentOf(file?.id ?? '')).toString()).toBe('good');
    expect((await blobs()).filter((name) => name.startsWith('part_'))).toEqual([]);
  });

  it('refuses a wrong checksum, and takes the right one afterwards in either case', async () => {
    const upload = await create(5);
    const part = await addPart(upload, 'hello');
    const before = await blobs();
    const wrong = createHash('md5').update('other').digest('hex');
    await expect(alice.uploads.complete(upload.id, { part_ids: [part], md5: wrong })).rejects.toMatchObject({
      status: 400,
      param: 'md5',
    });
    expect((await blobs()).sort()).toEqual(before.sort());
    const md5 = createHash('md5').update('hello').digest('hex').toUpperCase();
    expect((await alice.uploads.complete(upload.id, { part_ids: [part], md5 })).status).toBe('completed');
  });

  it('refuses parts that are foreign, unknown, named twice, or not as long as was said', async () => {
    const upload = await create(6);
    const part = await addPart(upload, 'abc');
    const another = await addPart(await create(3), 'xyz');
    for (const ids of [[part, another], [part, 'part_none'], [part, part], [part]]) {
      await expect(alice.uploads.complete(upload.id, { part_ids: ids })).rejects.toMatchObject({
        status: 400,
        param: 'part_ids',
      });
    }
    await expect(alice.uploads.complete(upload.id, { part_ids: [] })).rejects.toMatchObject({ status: 400 });
    const more = await addPart(upload, 'def');
    expect((await alice.uploads.complete(upload.id, { part_ids: [part, more] })).status).toBe('completed');
  });

  it('cancels, and takes nothing more', async () => {
    const upload = await create(3);
    const part = await addPart(upload, 'abc');
    expect(await blobs()).toContain(part);
    expect(await alice.uploads.cancel(upload.id)).toMatchObject({ id: upload.id, status: 'cancelled' });
    expect(await blobs()).not.toContain(part);
    const refusal = { status: 400, message: expect.stringContaining("with status 'cancelled'") };
    await expect(addPart(upload, 'abc')).rejects.toMatchObject(refusal);
    await expect(alice.uploads.complete(upload.id, { part_ids: [part] })).rejects.toMatchObject(refusal);
    await expect(alice.uploads.cancel(upload.id)).rejects.toMatchObject(refusal);
  });

  it('tells of the file when a completed upload is completed again', async () => {
    const upload = await create(3);
    const part = await addPart(upload, 'abc');
    const { file } = await alice.uploads.complete(upload.id, { part_ids: [part] });
    const refusal = { status: 400, message: expect.stringContaining(file?.id ?? 'no file') };
    await expect(alice.uploads.complete(upload.id, { part_ids: [part] })).rejects.toMatchObject(refusal);
    await expect(alice.uploads.cancel(upload.id)).rejects.toMatchObject(refusal);
    await expect(addPart(upload, 'abc')).rejects.toMatchObject(refusal);
  });

  it('makes one file of many completions at once', async () => {
    const upload = await create(3 * MB);
    const part = await addPart(upload, randomBytes(3 * MB));
    const before = (await alice.files.list()).data.length;
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => alice.uploads.complete(upload.id, { part_ids: [part] })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect([400, 409]).toContain((answer.reason as { status: number }).status);
    }
    expect((await alice.files.list()).data).toHaveLength(before + 1);
  });

  it('hides an upload from another tenant as if there were none', async () => {
    const upload = await create(3);
    const part = await addPart(upload, 'abc');
    const missing = { status: 404, message: `404 No upload found with id '${upload.id}'.` };
    await expect(addPart(upload, 'abc', bob)).rejects.toMatchObject(missing);
    await expect(bob.uploads.complete(upload.id, { part_ids: [part] })).rejects.toMatchObject(missing);
    await expect(bob.uploads.cancel(upload.id)).rejects.toMatchObject(missing);
    const own = await bob.uploads.create({ filename: 'b', purpose: 'assistants', bytes: 3, mime_type: 'text/plain' });
    await expect(bob.uploads.complete(own.id, { part_ids: [part] })).rejects.toMatchObject({
      status: 400,
      param: 'part_ids',
    });
    expect((await alice.uploads.complete(upload.id, { part_ids: [part] })).status).toBe('completed');
  });

  it.each<[string, Record<string, unknown>]>([
    ['filename', { filename: undefined }],
    ['filename', { filename: '' }],
    ['bytes', { bytes: 0 }],
    ['bytes', { bytes: 1.5 }],
    ['bytes', { bytes: 33 * MB }],
    ['purpose', { purpose: 'world_domination' }],
    ['mime_type', { mime_type: undefined }],
    ['expires_after.seconds', { expires_after: { anchor: 'created_at', seconds: 60 } }],
    ['unknown', { unknown: true }],
  ])('refuses a wrong %s (%#)', async (param, wrong) => {
    await expect(create(3, wrong)).rejects.toMatchObject({ status: 400, param });
  });

  it('refuses forms without a part, and keeps nothing of them', async () => {
    const upload = await create(3);
    const before = (await blobs()).sort();
    const send = async (fill: (form: FormData) => void): Promise<{ status: number; param: string | null }> => {
      const body = new FormData();
      fill(body);
      const headers = { authorization: `Bearer ${alice.apiKey}` };
      const url = `${server.baseUrl}/v1/uploads/${upload.id}/parts`;
      const answer = await fetch(url, { method: 'POST', headers, body });
      return { status: answer.status, param: ((await answer.json()) as { error: { param: string } }).error.param };
    };
    const blob = new Blob(['abc']);
    expect(await send((form) => form.set('other', 'x'))).toEqual({ status: 400, param: 'other' });
    expect(await send((form) => form.set('file', blob, 'x'))).toEqual({ status: 400, param: 'file' });
    expect(await send((form) => form.set('data', 'text'))).toEqual({ status: 400, param: 'data' });
    expect(await send((form) => form.set('data', new Blob([]), 'x'))).toEqual({ status: 400, param: 'data' });
    expect(
      await send((form) => {
        form.append('data', blob, 'x');
        form.append('data', blob, 'y');
      }),
    ).toEqual({ status: 400, param: 'data' });
    await eventually(async () => expect((await blobs()).sort()).toEqual(before));
  });

  it('refuses a part of more than 64 MB and keeps nothing of it', async () => {
    const upload = await create(3);
    const before = (await blobs()).sort();
    await expect(addPart(upload, Buffer.alloc(64 * MB + 1))).rejects.toMatchObject({ status: 413, param: 'data' });
    await eventually(async () => expect((await blobs()).sort()).toEqual(before));
  });

  it('goes on after the server was killed', async () => {
    const upload = await create(6);
    const first = await addPart(upload, 'abc');
    await server.restart();
    const second = await addPart(upload, 'def');
    const { file } = await alice.uploads.complete(upload.id, { part_ids: [first, second] });
    expect((await contentOf(file?.id ?? '')).toString()).toBe('abcdef');
  });
});
