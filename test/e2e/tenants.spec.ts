import { toFile, type OpenAI } from 'openai';
import { startServer, type TestServer } from '../support/server.js';
import { makeEqualStore, shareOfLonger, sightOf, type EqualStore } from './support/equal-tenants.js';
import { listsAfter, MADE_UP, operationsOn, type ObjectIds } from './support/operations.js';
import { collect } from './support/stream-events.js';
import { callWire, expectEnvelope, type WireCall } from './support/wire-call.js';

interface Tenant {
  token: string;
  client: OpenAI;
  ids: ObjectIds;
}

let server: TestServer;
let anna: Tenant;
let bert: Tenant;

beforeAll(async () => {
  server = await startServer();
  [anna, bert] = await Promise.all([makeTenant('anna'), makeTenant('bert')]);
});
afterAll(() => server.stop());

/** A user with one object of each kind. */
async function makeTenant(username: string): Promise<Tenant> {
  const token = await server.signUp(username);
  const client = server.openaiFor(token);
  const file = await client.files.create({
    file: await toFile(Buffer.from(`private to ${username}`), 'private.txt'),
    purpose: 'assistants',
  });
  const assistant = await client.beta.assistants.create({ model: 'threadmill-demo', name: `of ${username}` });
  const run = await client.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'hello' }] },
  });
  const threadId = run.thread_id;
  const [message] = (await client.beta.threads.messages.list(threadId)).data;
  const [step] = (await client.beta.threads.runs.steps.list(run.id, { thread_id: threadId })).data;
  const ids: ObjectIds = {
    assistant: assistant.id,
    thread: threadId,
    message: message?.id ?? '',
    run: run.id,
    step: step?.id ?? '',
    file: file.id,
    ...(await makeStore(client, file.id)),
  };
  return { token, client, ids };
}

/** With the file in it, by a batch. */
async function makeStore(client: OpenAI, fileId: string): Promise<Pick<ObjectIds, 'store' | 'batch'>> {
  const store = await client.vectorStores.create({ name: 'private' });
  const batch = await client.vectorStores.fileBatches.createAndPoll(
    store.id,
    { file_ids: [fileId] },
    { pollIntervalMs: 100 },
  );
  expect(batch.status).toBe('completed');
  return { store: store.id, batch: batch.id };
}

/** Everything that the tenant can see. */
async function snapshot({ client, token, ids }: Tenant): Promise<unknown> {
  const place = { thread_id: ids.thread };
  return {
    files: await collect(client.files.list()),
    assistants: await collect(client.beta.assistants.list()),
    threads: (await callWire(server, token, { method: 'GET', path: '/threads' })).body,
    thread: await client.beta.threads.retrieve(ids.thread),
    messages: await collect(client.beta.threads.messages.list(ids.thread)),
    runs: await collect(client.beta.threads.runs.list(ids.thread)),
    steps: await collect(client.beta.threads.runs.steps.list(ids.run, place)),
    threadFiles: (await callWire(server, token, { method: 'GET', path: `/threads/${ids.thread}/files` })).body,
    content: await (await client.files.content(ids.file)).text(),
    stores: await collect(client.vectorStores.list()),
    storeFiles: await collect(client.vectorStores.files.list(ids.store)),
    // No search: it would count as use, which the stores show.
    storeContent: await collect(client.vectorStores.files.content(ids.file, { vector_store_id: ids.store })),
  };
}

/** The answer with every id of the kinds blotted out. */
function withoutIds(body: unknown, ids: ObjectIds): string {
  return Object.values(ids).reduce((text, id: string) => text.replaceAll(id, '<id>'), JSON.stringify(body));
}

const describeCall = ({ method, path, body }: WireCall): string =>
  `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`;

const UNKNOWN = operationsOn(MADE_UP, MADE_UP);

describe('an id that is nothing of the caller', () => {
  let before: unknown;
  let beforeOfBert: unknown;

  beforeAll(async () => {
    [before, beforeOfBert] = await Promise.all([snapshot(anna), snapshot(bert)]);
  });

  it.each(UNKNOWN.map((call, index) => [describeCall(call), index] as const))(
    "is answered alike, another tenant's or nobody's: %s",
    async (_title, index) => {
      const [foreign, madeUp] = [anna.ids, MADE_UP].map((ids) => operationsOn(ids, bert.ids)[index]);
      if (!foreign || !madeUp) throw new Error('No such operation.');
      const [toForeign, toMadeUp] = [
        await callWire(server, bert.token, foreign),
        await callWire(server, bert.token, madeUp),
      ];
      expectEnvelope(toForeign, 404);
      expect(withoutIds(toForeign.body, anna.ids)).toBe(withoutIds(toMadeUp.body, MADE_UP));
      expect(toForeign.status).toBe(toMadeUp.status);
    },
  );

  it.each(listsAfter(MADE_UP, MADE_UP).map((call, index) => [describeCall(call), index] as const))(
    'is no cursor: %s',
    async (_title, index) => {
      const [foreign, madeUp] = [anna.ids, MADE_UP].map((ids) => listsAfter(ids, bert.ids)[index]);
      if (!foreign || !madeUp) throw new Error('No such list.');
      const [toForeign, toMadeUp] = [
        await callWire(server, bert.token, foreign),
        await callWire(server, bert.token, madeUp),
      ];
      expectEnvelope(toForeign, 400);
      expect(withoutIds(toForeign.body, anna.ids)).toBe(withoutIds(toMadeUp.body, MADE_UP));
    },
  );

  it('changed nothing of its owner, and left nothing with the caller', async () => {
    expect(withoutUrls(await snapshot(anna))).toEqual(withoutUrls(before));
    expect(withoutUrls(await snapshot(bert))).toEqual(withoutUrls(beforeOfBert));
  });

  it("names what belongs to the caller when it is the caller's own", async () => {
    const reads = operationsOn(bert.ids, bert.ids).filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(10);
    for (const call of reads) {
      expect({ call, status: (await callWire(server, bert.token, call)).status }).toEqual({ call, status: 200 });
    }
    for (const call of listsAfter(bert.ids, bert.ids)) {
      expect({ call, status: (await callWire(server, bert.token, call)).status }).toEqual({ call, status: 200 });
    }
  });
});

describe('two tenants with equal documents', () => {
  let annas: EqualStore;
  let berts: EqualStore;
  beforeAll(async () => {
    annas = await makeEqualStore(anna.client, 'anna');
  });

  it('see what they would see alone', async () => {
    const alone = await sightOf(annas);
    berts = await makeEqualStore(bert.client, 'bert');
    expect(await sightOf(annas)).toEqual(alone);
    expect(await sightOf(berts)).toEqual(alone);
  });

  it('find their own files, whatever they filter by', async () => {
    const found = async ({ client, storeId }: EqualStore, owner: string): Promise<string[]> => {
      const filters = { type: 'eq' as const, key: 'owner', value: owner };
      const { data } = await client.vectorStores.search(storeId, { query: 'ships and taxes', filters });
      return data.map(({ file_id }) => file_id).sort();
    };
    expect(await found(berts, 'bert')).toEqual([...berts.fileIds].sort());
    expect(await found(berts, 'anna')).toEqual([]);
  });

  it('have in no batch a file of the other, not even beside their own', async () => {
    const before = await sightOf(berts);
    const [own = '', foreign = ''] = [berts.fileIds[0], annas.fileIds[0]];
    const path = `/vector_stores/${berts.storeId}/file_batches`;
    const answers = [];
    for (const id of [foreign, MADE_UP.file]) {
      const answer = await callWire(server, bert.token, { method: 'POST', path, body: { file_ids: [own, id] } });
      expectEnvelope(answer, 404);
      answers.push(JSON.stringify(answer.body).replaceAll(id, '<id>'));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(await sightOf(berts)).toEqual(before);
  });

  it('see nothing change when the other deletes everything', async () => {
    const before = await sightOf(berts);
    await Promise.all(annas.fileIds.map((id) => annas.client.files.delete(id)));
    await annas.client.vectorStores.delete(annas.storeId);
    expect(await sightOf(berts)).toEqual(before);
    annas = await makeEqualStore(anna.client, 'anna');
  });

  // By chance alone a share of 0.25 or 0.75 comes once in a hundred million times: it is six deviations off.
  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'a search for a word that the other has, and one that nobody has',
      () => searchOf(berts, 'private to anna'),
      () => searchOf(berts, 'private to nora'),
    ],
    [
      "a look for the other's store, and for nobody's",
      () => callWire(server, bert.token, { method: 'GET', path: `/vector_stores/${annas.storeId}` }),
      () => callWire(server, bert.token, { method: 'GET', path: `/vector_stores/${MADE_UP.store}` }),
    ],
    ["a search in the other's store, and in nobody's", () => searchAt(annas.storeId), () => searchAt(MADE_UP.store)],
    [
      "the addition of the other's file, and of nobody's",
      () => addFile(annas.fileIds[0] ?? ''),
      () => addFile(MADE_UP.file),
    ],
  ])('take the same time for %s', async (_, one, other) => {
    const share = await shareOfLonger(100, one, other);
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  });

  const searchOf = ({ client, storeId }: EqualStore, query: string): Promise<unknown> =>
    client.vectorStores.search(storeId, { query });
  const searchAt = (storeId: string): Promise<unknown> =>
    callWire(server, bert.token, {
      method: 'POST',
      path: `/vector_stores/${storeId}/search`,
      body: { query: 'ships' },
    });
  const addFile = (file_id: string): Promise<unknown> =>
    callWire(server, bert.token, { method: 'POST', path: `/vector_stores/${berts.storeId}/files`, body: { file_id } });
});

describe('a new user', () => {
  it('has empty lists', async () => {
    const token = await server.signUp('newcomer');
    for (const path of ['/assistants', '/threads', '/files', '/vector_stores']) {
      const answer = await callWire(server, token, { method: 'GET', path });
      expect(answer.body).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
    }
  });

  it('cannot act in the project of another by naming it', async () => {
    const token = await server.signUp('intruder');
    const headers = { authorization: `Bearer ${anna.token}` };
    const me = (await (await fetch(`${server.baseUrl}/api/auth/me`, { headers })).json()) as { project_id: string };
    const call: WireCall = { method: 'GET', path: '/assistants' };
    const answer = await callWire(server, token, call, { 'openai-project': me.project_id });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).not.toContain(anna.ids.assistant);
    expectEnvelope(answer, answer.status);
  });
});

/** Signed URLs are made anew for each answer. */
function withoutUrls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'url' ? '' : item))) as unknown;
}
