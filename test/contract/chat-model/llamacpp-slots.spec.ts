import { createModelGateway, withContext, type ModelGateway } from '@libs/llm';
import { ModelServerProcess, type RemoteModelServer } from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';
import { collect, textOf } from './chat-model.contract.js';

let models: ModelServerProcess;
let server: RemoteModelServer;
let gateway: ModelGateway;

beforeAll(async () => {
  models = await ModelServerProcess.start(['llamacpp']);
  server = models.serverOf('llamacpp');
});
afterAll(() => models.kill());

beforeEach(async () => {
  await server.reset();
  gateway = createModelGateway({ backend: 'auto', hosts: { llamacpp: server.url }, timeoutMs: 5000, maxRetries: 0 });
});
afterEach(() => gateway.close());

async function turnOf(threadId?: string): Promise<string> {
  const { chat } = await gateway.resolve(server.model);
  const model = withContext(chat, threadId === undefined ? {} : { threadId });
  return textOf(await collect(model.stream({ model: server.model, messages: [{ role: 'user', content: 'Go.' }] })));
}

async function slots(): Promise<unknown[]> {
  return (await server.chats()).map(({ body }) => (body as { id_slot?: number }).id_slot);
}

it('keeps a thread in its slot, where its prompt lies evaluated', async () => {
  await server.setScript([{ text: 'Yes.', repeat: true }]);
  for (const thread of ['a', 'b', 'a', 'b']) await turnOf(thread);
  expect(await slots()).toEqual([0, 1, 0, 1]);
  expect((await server.chats())[0]?.body).toMatchObject({ cache_prompt: true });
});

it('leaves the choice to the server for what belongs to no thread, and while the slot is at work', async () => {
  await server.setScript([{ text: 'One two three four.', delayMs: 30, repeat: true }]);
  await turnOf();
  await Promise.all([turnOf('a'), turnOf('a')]);
  expect((await slots()).filter((slot) => slot !== undefined)).toEqual([0]);
});

it('sends as many requests at once as the server has slots', async () => {
  await server.setScript([{ text: 'One two three four.', delayMs: 100, repeat: true }]);
  const turns = Promise.all(['a', 'b', 'c'].map(turnOf));
  await eventually(async () => expect(await server.chats()).toHaveLength(2));
  await eventually(async () => expect((await server.chats()).some(({ completed }) => completed)).toBe(true));
  await eventually(async () => expect(await server.chats()).toHaveLength(3));
  expect(await turns).toHaveLength(3);
});
