import { makeWorkbook } from '../builders/documents/corpus.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { askTools, type ToolAnswer, type ToolRequest } from './support/tool-routes.js';

const START_PATIENCE_MS = 120_000;
const LEAVE = 'Employees have thirty days of annual leave. Unused leave is paid out in March.';
const DETAIL = { detail: expect.any(String) as unknown };

describe('rag', () => {
  let scripted: ScriptedServer;
  let stranger: string;

  beforeAll(async () => {
    scripted = await startScriptedServer();
    stranger = await scripted.server.signUp('stranger');
  }, START_PATIENCE_MS);
  afterAll(() => scripted?.stop());

  const ask = (path: string, request: ToolRequest = {}, token: string | null = scripted.token) =>
    askTools(scripted.server, token, `rag/${path}`, request);
  const create = (name: string, token?: string) => ask('collections', { body: { collection_name: name } }, token);
  const upload = (name: string, file: File, token?: string | null) =>
    ask('upload', { body: formOf(name, file) }, token);
  const documentsOf = async (name: string) => {
    const { body } = await ask(`collections/${encodeURIComponent(name)}/documents`);
    return body['documents'] as { id: string; name: string; chunks: number }[];
  };
  const query = async (body: object, token?: string): Promise<ToolAnswer> => {
    const answer = await ask('query', { body }, token);
    expect(answer.status).toBe(200);
    return answer.body as unknown as ToolAnswer;
  };

  function formOf(name: string, file: File): FormData {
    const form = new FormData();
    form.append('file', file);
    form.append('collection_name', name);
    return form;
  }

  const text = (content: string, name: string): File => new File([content], name);
  const seconds = expect.any(Number) as unknown;

  test('a collection is made, filled, asked and deleted', async () => {
    expect(await create('handbook')).toEqual({
      status: 200,
      body: {
        success: true,
        answer: "Collection 'handbook' created successfully.",
        data: { success: true, collection_name: 'handbook', vector_store_id: expect.stringMatching(/^vs_/) as unknown },
        metadata: { execution_time: seconds },
        error: null,
      },
    });
    const { status, body: uploaded } = await upload('handbook', text(LEAVE, 'leave.md'));
    const id = uploaded['document_id'] as string;
    expect({ status, uploaded }).toEqual({
      status: 200,
      uploaded: {
        success: true,
        document_name: 'leave.md',
        document_id: expect.stringMatching(/^file-/) as unknown,
        status: 'completed',
        chunks_created: 1,
        total_chunks: 1,
      },
    });
    await upload('handbook', text('The canteen serves soup.', 'canteen.txt'));
    expect((await ask('collections')).body).toMatchObject({
      success: true,
      collections: [{ name: 'handbook', documents: 2, chunks: 2, created_at: seconds }],
    });
    expect((await ask('collections/handbook/documents')).body).toMatchObject({
      collection_name: 'handbook',
      documents: [
        { name: 'canteen.txt', chunks: 1 },
        { id, name: 'leave.md', path: 'leave.md', chunks: 1, uploaded_at: seconds, status: 'completed', error: null },
      ],
      total_documents: 2,
      total_chunks: 2,
    });
    scripted.models.setScript([{ text: 'Thirty days [Document 1], paid in March [Document 7].' }]);
    const question = 'How many days of annual leave are there?';
    const answered = await query({ query: question, collection_name: 'handbook', max_results: 100, context: {} });
    expect(answered).toMatchObject({
      success: true,
      answer: 'Thirty days [Document 1], paid in March.',
      data: { optimized_query: question, num_results: expect.any(Number) as unknown },
      metadata: { execution_time: seconds, collection: 'handbook', multi_query: false },
      error: null,
    });
    const [best] = answered.data['documents'] as object[];
    expect(best).toEqual({ document: 'leave.md', document_id: id, chunk: LEAVE, chunk_index: 0, score: seconds });
    const sent = JSON.stringify(scripted.models.chats.at(-1)?.body);
    expect(sent).toContain(`<document number=\\"1\\" file=\\"leave.md\\">\\n${LEAVE}`);
    expect(sent).toContain(question);
    expect((await ask(`collections/handbook/documents/${id}`, { method: 'DELETE' })).body).toEqual({
      success: true,
      collection_name: 'handbook',
      deleted_document: 'leave.md',
      deleted_chunks: 1,
      remaining_documents: 1,
      remaining_chunks: 1,
    });
    const gone = await ask('collections/handbook', { method: 'DELETE' });
    expect(gone).toEqual({ status: 200, body: { success: true, collection_name: 'handbook' } });
    expect((await ask('collections')).body['collections']).toEqual([]);
    expect((await scripted.client.files.list()).data).toEqual([]);
  });

  test('a collection is made once, however many ask at the same time', async () => {
    const answers = await Promise.all(['once', 'once', 'once'].map((name) => create(name)));
    const made = answers.filter(({ body }) => body['success'] === true);
    const refused = answers.filter(({ body }) => body['success'] === false);
    expect([made.length, refused.length]).toEqual([1, 2]);
    expect(refused[0]).toMatchObject({ status: 200, body: { error: "Collection 'once' already exists" } });
  });

  test('a workbook is read as one, not as text', async () => {
    await create('tables');
    const { status, body } = await upload('tables', new File([new Uint8Array(makeWorkbook('xlsx'))], 'sales.xlsx'));
    expect({ status, body }).toMatchObject({ status: 200, body: { chunks_created: 1 } });
    scripted.models.setScript([{ text: 'Read.' }]);
    const { data } = await query({ query: 'region units', collection_name: 'tables' });
    expect(JSON.stringify(data['documents'])).not.toContain('PK\\u0003');
  });

  test('a document that cannot be read leaves nothing', async () => {
    await create('broken');
    const before = (await scripted.client.files.list()).data.length;
    const { status, body } = await upload('broken', new File(['%PDF-1.4 nothing'], 'broken.pdf'));
    expect({ status, body }).toEqual({ status: 422, body: DETAIL });
    expect(await documentsOf('broken')).toEqual([]);
    expect((await scripted.client.files.list()).data).toHaveLength(before);
  });

  test('where nothing is found, no model is asked', async () => {
    await create('empty');
    const asked = scripted.models.chats.length;
    expect(await query({ query: 'anything', collection_name: 'empty' })).toMatchObject({
      success: true,
      answer: 'The collection says nothing about that.',
      data: { documents: [], num_results: 0 },
    });
    expect(scripted.models.chats).toHaveLength(asked);
  });

  test('a model that does not answer takes nothing from what was found', async () => {
    await create('away');
    await upload('away', text(LEAVE, 'leave.txt'));
    scripted.models.setScript([{ error: { status: 400, message: 'no such luck' } }]);
    const answer = await query({ query: 'annual leave', collection_name: 'away' });
    expect(answer).toMatchObject({ success: false, answer: '', data: { documents: [{ document: 'leave.txt' }] } });
    expect(answer.error).toContain('no such luck');
  });

  test('a collection is the vector store of its name, whose other files outlive it', async () => {
    const { client } = scripted;
    const file = await client.files.create({ file: text('The tower is 300 m high.', 't.txt'), purpose: 'assistants' });
    const store = await client.vectorStores.create({ name: 'towers' });
    await client.vectorStores.create({ name: 'towers' });
    await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id }, { pollIntervalMs: 100 });
    expect(await create('towers')).toMatchObject({ body: { success: false } });
    await upload('towers', text('The bridge is long.', 'bridge.txt'));
    expect((await documentsOf('towers')).map(({ name }) => name)).toEqual(['bridge.txt', 't.txt']);
    await ask('collections/towers', { method: 'DELETE' });
    expect((await client.files.list()).data.map(({ filename }) => filename)).not.toContain('bridge.txt');
    expect((await client.files.retrieve(file.id)).filename).toBe('t.txt');
    expect((await ask('collections/towers/documents')).body).toMatchObject({ documents: [], success: true });
  });

  test('a document of the store that was not uploaded here stays as a file', async () => {
    const { client } = scripted;
    const file = await client.files.create({ file: text('Words.', 'kept.txt'), purpose: 'assistants' });
    const store = await client.vectorStores.create({ name: 'kept' });
    await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id }, { pollIntervalMs: 100 });
    const { status } = await ask(`collections/kept/documents/${file.id}`, { method: 'DELETE' });
    expect(status).toBe(200);
    expect((await client.files.retrieve(file.id)).filename).toBe('kept.txt');
  });

  test.each(['../../etc/passwd', 'a/b', '%', '%2e%2e', '__proto__', "'; DROP TABLE files; --", '\u202egnp', '☂️ 中'])(
    'a name is only a name: %j',
    async (name) => {
      expect(await create(name)).toMatchObject({ body: { success: true } });
      expect(await upload(name, text('Rain.', '../../x\u202e.txt'))).toMatchObject({ status: 200 });
      const [document] = await documentsOf(name);
      expect(document?.name).toBe('x.txt');
      const path = `collections/${encodeURIComponent(name)}`;
      const { body } = await ask(`${path}/documents/${document?.id}`, { method: 'DELETE' });
      expect(body).toMatchObject({ collection_name: name, remaining_documents: 0 });
      expect(await ask(path, { method: 'DELETE' })).toMatchObject({ status: 200 });
    },
  );

  test("another project's collection is answered as one that there is none of", async () => {
    await create('private');
    await upload('private', text(LEAVE, 'private.txt'));
    const [document] = await documentsOf('private');
    const found: unknown[] = [];
    for (const name of ['private', 'nobody']) {
      const answers = [
        await ask(`collections/${name}`, { method: 'DELETE' }, stranger),
        await ask(`collections/${name}/documents`, {}, stranger),
        await ask(`collections/${name}/documents/${document?.id}`, { method: 'DELETE' }, stranger),
        await upload(name, text('x', 'x.txt'), stranger),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      const asked = await query({ query: 'leave', collection_name: name, context: { username: 'scripted' } }, stranger);
      expect(asked).toMatchObject({ success: false, answer: '', data: {} });
      found.push(JSON.stringify([answers, asked.error]).replaceAll(name, '<name>'));
    }
    expect(found[0]).toBe(found[1]);
    expect((await ask('collections', {}, stranger)).body['collections']).toEqual([]);
    expect(await create('private', stranger)).toMatchObject({ body: { success: true } });
    const foreign = await ask(`collections/private/documents/${document?.id}`, { method: 'DELETE' }, stranger);
    expect(foreign.status).toBe(404);
    expect(await query({ query: 'annual leave', collection_name: 'private' }, stranger)).toMatchObject({
      data: { num_results: 0 },
    });
    expect(await documentsOf('private')).toHaveLength(1);
    const { data: files } = await scripted.server.openaiFor(stranger).files.list();
    expect(files).toEqual([]);
  });

  test.each<[string, ToolRequest]>([
    ['collections', {}],
    ['collections', { body: { collection_name: 'x' } }],
    ['collections/x', { method: 'DELETE' }],
    ['collections/x/documents', {}],
    ['collections/x/documents/file-x', { method: 'DELETE' }],
    ['upload', { body: new FormData() }],
    ['query', { body: { query: 'x', collection_name: 'x' } }],
  ])('%s wants a credential', async (path, request) => {
    expect(await ask(path, request, null)).toEqual({ status: 401, body: DETAIL });
  });

  test.each<[string, ToolRequest]>([
    ['collections', { body: {} }],
    ['collections', { body: { collection_name: '' } }],
    ['collections', { body: { collection_name: 'x'.repeat(257) } }],
    ['collections', { body: { collection_name: 'a\0b' } }],
    ['collections', { body: { collection_name: ['a'] } }],
    ['query', { body: { query: 'x' } }],
    ['query', { body: { query: '', collection_name: 'x' } }],
    ['query', { body: { query: 'x', collection_name: 'x', max_results: -1 } }],
    ['upload', { body: { collection_name: 'once' } }],
  ])('%s refuses %j', async (path, request) => {
    expect(await ask(path, request)).toEqual({ status: 400, body: DETAIL });
  });

  test.each<[string, (form: FormData) => void]>([
    ['without a collection', (form) => form.append('file', text('x', 'x.txt'))],
    ['without a file', (form) => form.append('collection_name', 'once')],
    ['whose file is a text', (form) => form.append('file', 'x')],
    ['with another field', (form) => form.append('path', '/etc/passwd')],
    ['with a NUL', (form) => form.append('collection_name', 'a\0b')],
    [
      'with an empty file',
      (form) => {
        form.append('collection_name', 'once');
        form.append('file', text('', 'x.txt'));
      },
    ],
  ])('a form %s is refused', async (_, fill) => {
    const before = (await scripted.client.files.list()).data.length;
    const form = new FormData();
    fill(form);
    expect(await ask('upload', { body: form })).toEqual({ status: 400, body: DETAIL });
    expect((await scripted.client.files.list()).data).toHaveLength(before);
  });

  test.each(['collections/%00/documents', 'collections/once/documents/%00', 'collections/once/documents/..%2Fx'])(
    'there is no %s',
    async (path) => {
      const method = path.endsWith('documents') ? 'GET' : 'DELETE';
      expect(await ask(path, { method })).toEqual({ status: 404, body: DETAIL });
    },
  );
});
