import { toFile } from 'openai';
import type { AssistantParams, ContractPlace } from '../contract-place.js';

const FUNCTION = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a place.',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
    strict: false,
  },
} as const;

const EVERY_FIELD: AssistantParams = {
  model: 'gpt-4o',
  name: 'Analyst',
  description: 'Analyses.',
  instructions: 'Be brief.',
  tools: [{ type: 'code_interpreter' }, FUNCTION],
  metadata: { team: 'data' },
  temperature: 0.2,
  top_p: 0.9,
  response_format: { type: 'json_object' },
  reasoning_effort: 'low',
};

/** Assistants, threads and messages as objects: every field, every change, every removal. */
export function describeObjects(place: ContractPlace): void {
  describe('assistants', () => {
    it('keep every field of the request', async () => {
      const { client } = place;
      const created = await client.beta.assistants.create(EVERY_FIELD);
      expect(created).toMatchObject({ object: 'assistant', ...EVERY_FIELD });
      expect(created.id).toMatch(/^asst_/);
      expect(await client.beta.assistants.retrieve(created.id)).toEqual(created);
    });

    it('have the defaults of the wire', async () => {
      const created = await place.client.beta.assistants.create({ model: 'gpt-4o' });
      expect(created).toMatchObject({
        name: null,
        description: null,
        instructions: null,
        tools: [],
        tool_resources: {},
        metadata: {},
        temperature: 1,
        top_p: 1,
        response_format: 'auto',
      });
    });

    it('fill in what a tool leaves open', async () => {
      const tools: AssistantParams['tools'] = [
        { type: 'function', function: { name: 'now' } },
        { type: 'file_search' },
      ];
      const created = await place.client.beta.assistants.create({ model: 'gpt-4o', tools });
      expect(created.tools).toMatchObject([
        { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} }, strict: false } },
        { type: 'file_search', file_search: { ranking_options: { ranker: 'default_2024_08_21', score_threshold: 0 } } },
      ]);
    });

    it('change only in what is named, are cleared by null, and are gone once deleted', async () => {
      const { client } = place;
      const { id } = await client.beta.assistants.create(EVERY_FIELD);
      const changed = await client.beta.assistants.update(id, {
        name: 'Other',
        description: null,
        metadata: { a: 'b' },
      });
      expect(changed).toMatchObject({ ...EVERY_FIELD, name: 'Other', description: null, metadata: { a: 'b' } });
      expect(await client.beta.assistants.delete(id)).toEqual({ id, object: 'assistant.deleted', deleted: true });
      await expect(client.beta.assistants.retrieve(id)).rejects.toThrow(`No assistant found with id '${id}'.`);
    });
  });

  describe('threads and messages', () => {
    it('a thread begins with messages, is changed and deleted', async () => {
      const { threads } = place.client.beta;
      const thread = await threads.create({
        messages: [
          { role: 'user', content: 'One.', metadata: { n: '1' } },
          { role: 'assistant', content: [{ type: 'text', text: 'Two.' }] },
        ],
        metadata: { a: 'b' },
      });
      expect(thread).toMatchObject({ object: 'thread', metadata: { a: 'b' }, tool_resources: {} });
      expect(await threads.retrieve(thread.id)).toEqual(thread);
      const messages = await place.messages(thread.id);
      expect(messages.map(({ role, content, metadata }) => ({ role, content, metadata }))).toEqual([
        { role: 'user', content: [{ type: 'text', text: { value: 'One.', annotations: [] } }], metadata: { n: '1' } },
        { role: 'assistant', content: [{ type: 'text', text: { value: 'Two.', annotations: [] } }], metadata: {} },
      ]);
      expect((await threads.update(thread.id, { metadata: { c: 'd' } })).metadata).toEqual({ c: 'd' });
      expect((await threads.update(thread.id, { metadata: null })).metadata).toEqual({});
      const { id } = thread;
      expect(await threads.delete(id)).toEqual({ id, object: 'thread.deleted', deleted: true });
      await expect(threads.messages.list(id)).rejects.toThrow(`No thread found with id '${id}'.`);
    });

    it('a message keeps its parts and attachments, and its files belong to the thread', async () => {
      const { client } = place;
      const upload = await client.files.create({
        file: await toFile(Buffer.from('a,b'), 'a.csv'),
        purpose: 'assistants',
      });
      const thread = await client.beta.threads.create();
      const attachments = [{ file_id: upload.id, tools: [{ type: 'code_interpreter' as const }] }];
      const image = { url: 'https://example.com/a.png', detail: 'low' as const };
      const created = await client.beta.threads.messages.create(thread.id, {
        role: 'user',
        content: [
          { type: 'text', text: 'See.' },
          { type: 'image_url', image_url: image },
        ],
        attachments,
        metadata: { k: 'v' },
      });
      expect(created).toMatchObject({
        object: 'thread.message',
        status: 'completed',
        role: 'user',
        thread_id: thread.id,
        run_id: null,
        assistant_id: null,
        content: [
          { type: 'text', text: { value: 'See.', annotations: [] } },
          { type: 'image_url', image_url: image },
        ],
        attachments,
        metadata: { k: 'v' },
      });
      const path = { thread_id: thread.id };
      expect(await client.beta.threads.messages.retrieve(created.id, path)).toEqual(created);
      const { tool_resources } = await client.beta.threads.retrieve(thread.id);
      expect(tool_resources).toEqual({ code_interpreter: { file_ids: [upload.id] } });
    });

    it('a message changes only in its metadata, and is gone once deleted', async () => {
      const { messages } = place.client.beta.threads;
      const { threadId } = await place.assistantAndThread();
      const [message] = await place.messages(threadId);
      const id = message?.id ?? '';
      const path = { thread_id: threadId };
      const changed = await messages.update(id, { ...path, metadata: { seen: 'yes' } });
      expect(changed).toEqual({ ...message, metadata: { seen: 'yes' } });
      expect(await messages.delete(id, path)).toEqual({ id, object: 'thread.message.deleted', deleted: true });
      expect(await place.messages(threadId)).toEqual([]);
    });
  });

  describe('metadata', () => {
    const pairs = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));

    it('has up to 16 pairs, keys of 64 and values of 512 characters', async () => {
      const metadata = { ...pairs(15), ['k'.repeat(64)]: 'v'.repeat(512) };
      const thread = await place.client.beta.threads.create({ metadata });
      expect(thread.metadata).toEqual(metadata);
    });

    it.each([
      ['17 pairs', pairs(17)],
      ['a key of 65 characters', { ['k'.repeat(65)]: 'v' }],
      ['a value of 513 characters', { k: 'v'.repeat(513) }],
    ])('is refused with %s', async (_what, metadata) => {
      await expect(place.client.beta.threads.create({ metadata })).rejects.toMatchObject({ status: 400 });
    });
  });
}
