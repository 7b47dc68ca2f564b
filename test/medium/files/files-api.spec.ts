import OpenAI, { toFile } from 'openai';
import { FilesModule } from '../../../src/modules/files/index.js';
import { Database } from '../../../src/database/database.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { filesInBlobStore } from '../../support/stored-files.js';
import { startTestingApp, type TestingApp } from '../../support/testing-app.js';

const MISSING = {
  error: { message: 'No such File object: file-x', type: 'invalid_request_error', param: 'id', code: null },
  detail: { message: 'No such File object: file-x', code: null },
};

describeOnEachEngine('files', (engine) => {
  let testing: TestingApp;
  let alice: string;
  let bob: string;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [FilesModule], engine, environment: { MAX_FILE_SIZE_MB: '1' } });
    [alice, bob] = [await testing.signUp('alice'), await testing.signUp('bob')];
  });
  afterAll(() => testing?.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const get = (path: string, token = alice) => testing.request.get(path).set(bearer(token));
  const post = (token = alice) => testing.request.post('/v1/files').set(bearer(token));
  const remove = (id: string, token = alice) => testing.request.delete(`/v1/files/${id}`).set(bearer(token));
  const upload = async (name: string, content: string | Buffer, token = alice): Promise<string> => {
    const form = post(token).field('purpose', 'assistants').attach('file', Buffer.from(content), name);
    return (await form.expect(200)).body.id as string;
  };
  const storedFiles = () => filesInBlobStore(testing.config.DATA_DIR);

  describe('upload', () => {
    it('answers with the wire object, which retrieve gives again', async () => {
      const answer = await post().field('purpose', 'user_data').attach('file', Buffer.from('a,b\n1,2\n'), 'data.csv');
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        id: expect.stringMatching(/^file-[A-Za-z0-9]{24}$/),
        object: 'file',
        bytes: 8,
        created_at: expect.any(Number),
        expires_at: null,
        filename: 'data.csv',
        purpose: 'user_data',
        status: 'processed',
        status_details: null,
      });
      expect((await get(`/v1/files/${answer.body.id}`).expect(200)).body).toEqual(answer.body);
    });

    it('takes the purpose after the file, and assistants where there is none', async () => {
      const after = await post().attach('file', Buffer.from('x'), 'x').field('purpose', 'vision').expect(200);
      expect(after.body.purpose).toBe('vision');
      const absent = await post().attach('file', Buffer.from('x'), 'x').expect(200);
      expect(absent.body.purpose).toBe('assistants');
    });

    it('tells when the file expires', async () => {
      const { body } = await post()
        .field('purpose', 'assistants')
        .field('expires_after[anchor]', 'created_at')
        .field('expires_after[seconds]', '3600')
        .attach('file', Buffer.from('x'), 'x')
        .expect(200);
      expect(body.expires_at).toBe(body.created_at + 3600);
    });

    it.each([
      ['../../x', 'x'],
      ['größe 日本.csv', 'größe 日本.csv'],
      ['a\u202egnp.exe', 'agnp.exe'],
      ['%2e%2e%2fx', '%2e%2e%2fx'],
    ])('makes a plain name of %j', async (name, plain) => {
      expect((await get(`/v1/files/${await upload(name, 'x')}`)).body.filename).toBe(plain);
    });

    it('takes a file of exactly the limit', async () => {
      expect((await get(`/v1/files/${await upload('full.bin', Buffer.alloc(1_048_576))}`)).body.bytes).toBe(1_048_576);
    });

    it.each<[string, number, string, string | null, (form: ReturnType<typeof post>) => ReturnType<typeof post>]>([
      ['no file', 400, "'file' is a required property", 'file', (form) => form.field('purpose', 'assistants')],
      ['an empty file', 400, 'File is empty.', 'file', (form) => form.attach('file', Buffer.alloc(0), 'x')],
      [
        'an unknown purpose before the file',
        400,
        "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
        'purpose',
        (form) => form.field('purpose', 'world_domination').attach('file', Buffer.from('x'), 'x'),
      ],
      [
        'an unknown purpose after the file',
        400,
        "'world_domination' is not one of",
        'purpose',
        (form) => form.attach('file', Buffer.from('x'), 'x').field('purpose', 'world_domination'),
      ],
      [
        'an expiry that is too short',
        400,
        '60 is less than the minimum of 3600',
        'expires_after',
        (form) => form.attach('file', Buffer.from('x'), 'x').field('expires_after[seconds]', '60'),
      ],
      [
        'two files',
        400,
        'more than one file',
        'file',
        (form) => form.attach('file', Buffer.from('x'), 'x').attach('file', Buffer.from('y'), 'y'),
      ],
      [
        'a file of another field',
        400,
        "Unknown parameter: 'document'.",
        'document',
        (form) => form.attach('document', Buffer.from('x'), 'x'),
      ],
      ['a text in place of the file', 400, "Expected 'file' to be a file", 'file', (form) => form.field('file', 'x')],
      [
        'a field twice',
        400,
        "several parts named 'purpose'",
        'purpose',
        (form) => form.field('purpose', ['vision', 'evals']),
      ],
      ['a JSON body', 400, 'multipart/form-data', 'file', (form) => form.send({ purpose: 'assistants' })],
      [
        'a form that is cut off',
        400,
        'could not be read',
        null,
        (form) =>
          form
            .set('content-type', 'multipart/form-data; boundary=b')
            .send('--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nabc'),
      ],
      [
        'no boundary',
        400,
        'multipart/form-data',
        'file',
        (form) => form.set('content-type', 'multipart/form-data').send('x'),
      ],
      [
        'a file over the limit',
        413,
        'File is too large. The maximum size is 1 MB.',
        'file',
        (form) => form.attach('file', Buffer.alloc(1_048_577), 'big.bin'),
      ],
      [
        'a file far over the limit',
        413,
        'File is too large.',
        'file',
        (form) => form.attach('file', Buffer.alloc(5_000_000), 'big.bin'),
      ],
    ])('refuses %s and keeps nothing', async (_, status, message, param, fill) => {
      const before = await storedFiles();
      const answer = await fill(post());
      expect(answer.body).toEqual({
        error: expect.objectContaining({ message: expect.stringContaining(message), param }),
        detail: { message: answer.body.error.message, code: answer.body.error.code },
      });
      expect(answer.status).toBe(status);
      expect(await storedFiles()).toEqual(before);
    });

    it('demands a key before it looks at the body', async () => {
      await testing.request.post('/v1/files').attach('file', Buffer.alloc(900_000), 'x').expect(401);
    });
  });

  describe('content', () => {
    const page = '<script>alert(1)</script>';

    it('comes back as it was sent, as an attachment that no browser runs', async () => {
      const id = await upload('größe.html', page);
      const answer = await get(`/v1/files/${id}/content`).buffer(true).expect(200);
      expect(Buffer.from(answer.body).toString()).toBe(page);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': String(page.length),
        'content-disposition': `attachment; filename="gr??e.html"; filename*=UTF-8''gr%C3%B6%C3%9Fe.html`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      });
    });

    it('serves ranges', async () => {
      const id = await upload('digits.txt', '0123456789');
      const part = await get(`/v1/files/${id}/content`).set('range', 'bytes=2-4').expect(206);
      expect([part.text, part.headers['content-range']]).toEqual(['234', 'bytes 2-4/10']);
      const outside = await get(`/v1/files/${id}/content`).set('range', 'bytes=10-').expect(416);
      expect(outside.headers['content-range']).toBe('bytes */10');
      const head = await testing.request.head(`/v1/files/${id}/content`).set(bearer(alice)).expect(200);
      expect(head.headers['content-length']).toBe('10');
    });
  });

  describe('list', () => {
    let ids: string[];
    let carol: string;
    beforeAll(async () => {
      carol = await testing.signUp('carol');
      ids = [];
      for (const name of ['1', '2', '3', '4']) ids.push(await upload(name, name, carol));
      const vision = post(carol).field('purpose', 'vision').attach('file', Buffer.from('5'), '5');
      ids.push((await vision).body.id as string);
    });
    const idsOf = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

    it('gives the newest first, all of them', async () => {
      const { body } = await get('/v1/files', carol).expect(200);
      const newestFirst = [...ids].reverse();
      expect(idsOf(body)).toEqual(newestFirst);
      expect(body).toMatchObject({ object: 'list', first_id: ids[4], last_id: ids[0], has_more: false });
    });

    it('pages', async () => {
      const first = await get('/v1/files?limit=2&order=asc', carol).expect(200);
      expect([idsOf(first.body), first.body.has_more]).toEqual([ids.slice(0, 2), true]);
      const rest = await get(`/v1/files?limit=3&order=asc&after=${ids[1]}`, carol).expect(200);
      expect([idsOf(rest.body), rest.body.has_more]).toEqual([ids.slice(2), false]);
    });

    it('filters by purpose', async () => {
      expect(idsOf((await get('/v1/files?purpose=vision', carol)).body)).toEqual([ids[4]]);
      expect((await get('/v1/files?purpose=batch', carol)).body).toEqual({
        object: 'list',
        data: [],
        first_id: null,
        last_id: null,
        has_more: false,
      });
    });

    it.each([['limit=0'], ['limit=10001'], ['limit=x'], ['order=up'], ['before=file-x'], ['after=file-unknown']])(
      'refuses ?%s',
      async (query) => {
        const { body } = await get(`/v1/files?${query}`, carol).expect(400);
        expect(body).toEqual({ error: expect.anything(), detail: expect.anything() });
      },
    );

    it('takes no cursor of another project', async () => {
      const foreign = await get(`/v1/files?after=${ids[0]}`, bob).expect(400);
      const unknown = await get('/v1/files?after=file-unknown', bob).expect(400);
      expect(foreign.body.error.message.replace(ids[0], 'file-unknown')).toBe(unknown.body.error.message);
    });
  });

  describe('delete', () => {
    it('removes the file and its bytes', async () => {
      const before = await storedFiles();
      const id = await upload('x', 'content');
      expect(await storedFiles()).toHaveLength(before.length + 1);
      expect((await remove(id).expect(200)).body).toEqual({ id, object: 'file', deleted: true });
      expect(await storedFiles()).toEqual(before);
      for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) await get(path).expect(404);
      await remove(id).expect(404);
    });

    it('is done once where it is asked twice at once', async () => {
      const id = await upload('x', 'content');
      const statuses = (await Promise.all([remove(id), remove(id)])).map((answer) => answer.status).sort();
      expect(statuses[0]).toBe(200);
      await get(`/v1/files/${id}`).expect(404);
    });
  });

  it.each([['file-x'], ['file-%00'], ['%2e%2e%2f'], ["'; DROP TABLE files; --"], ['x'.repeat(500)]])(
    'answers the unknown id %j with 404',
    async (id) => {
      for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) {
        const { body } = await get(path).expect(404);
        if (id === 'file-x') expect(body).toEqual(MISSING);
      }
      await remove(id).expect(404);
    },
  );

  it("answers another project's file exactly as a missing one", async () => {
    const id = await upload('secret.txt', 'secret');
    const asked = [get(`/v1/files/${id}`, bob), get(`/v1/files/${id}/content`, bob), remove(id, bob)];
    for (const request of asked) {
      const { body } = await request.expect(404);
      expect(JSON.parse(JSON.stringify(body).replaceAll(id, 'file-x'))).toEqual(MISSING);
    }
    expect(JSON.stringify((await get('/v1/files', bob)).body)).not.toContain(id);
    await get(`/v1/files/${id}`).expect(200);
  });

  it('treats an expired file as missing at once', async () => {
    const id = await upload('old.txt', 'old');
    const { manager } = testing.app.get(Database);
    await manager.query(`UPDATE files SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) await get(path).expect(404);
    expect(JSON.stringify((await get('/v1/files')).body)).not.toContain(id);
  });

  it('tells the official SDK that a file is too large', async () => {
    const client = new OpenAI({ apiKey: alice, baseURL: `${testing.url}/v1`, maxRetries: 0 });
    const file = await toFile(Buffer.alloc(20_000_000), 'big.bin');
    await expect(client.files.create({ file, purpose: 'assistants' })).rejects.toMatchObject({
      status: 413,
      code: 'file_too_large',
    });
  });

  it('serves the official SDK', async () => {
    const client = new OpenAI({ apiKey: alice, baseURL: `${testing.url}/v1`, maxRetries: 0 });
    const created = await client.files.create({
      file: await toFile(Buffer.from('a,b\n1,2\n'), 'sdk größe.csv'),
      purpose: 'assistants',
      expires_after: { anchor: 'created_at', seconds: 7200 },
    });
    expect(created).toMatchObject({ filename: 'sdk größe.csv', bytes: 8, expires_at: created.created_at + 7200 });
    expect(await (await client.files.content(created.id)).text()).toBe('a,b\n1,2\n');
    const listed = [];
    for await (const file of client.files.list({ limit: 2 })) listed.push(file.id);
    expect(listed).toContain(created.id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(await client.files.delete(created.id)).toEqual({ id: created.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(created.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});
