import OpenAI from 'openai';
import { ImitationModelServer } from '../fakes/model-server/index.js';
import { startServer, type TestServer } from '../support/server.js';

type Client = OpenAI;
type Completion = OpenAI.Chat.Completions.ChatCompletion;
type Asked = Partial<OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming>;

const OUR_ID = /^chatcmpl-[0-9A-Za-z]{24}$/;
const PLACES = ['demo', 'vllm', 'ollama'] as const;

describe.each(PLACES)('stored chat completions of %s', (place) => {
  let imitation: ImitationModelServer | undefined;
  let server: TestServer;
  let alice: Client;
  let bob: Client;
  let model: string;

  beforeAll(async () => {
    const env: Record<string, string> = {};
    if (place !== 'demo') {
      imitation = await new ImitationModelServer({ profile: place }).start();
      env[place === 'vllm' ? 'VLLM_HOST' : 'OLLAMA_HOST'] = imitation.url;
    }
    server = await startServer({ env });
    alice = server.openaiFor(await server.signUp('alice'));
    bob = server.openaiFor(await server.signUp('bob'));
    model = imitation?.model ?? 'threadmill-demo';
  });
  afterAll(async () => {
    await server?.stop();
    await imitation?.stop();
  });

  const ask = (client: Client, text: string, more: Asked = {}): Promise<Completion> =>
    client.chat.completions.create({ model, messages: [{ role: 'user', content: text }], store: true, ...more });

  const idsOf = async (client: Client, query: OpenAI.Chat.Completions.ChatCompletionListParams): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of client.chat.completions.list(query)) ids.push(id);
    return ids;
  };

  it('keeps an answer as the client got it, with its metadata and the messages of the request', async () => {
    const answer = await ask(alice, 'Hello there.', { metadata: { topic: 'greeting' } });
    expect(answer.id).toMatch(OUR_ID);
    const kept = await alice.chat.completions.retrieve(answer.id);
    expect(kept).toEqual({ ...answer, metadata: { topic: 'greeting' } });
    const messages = await alice.chat.completions.messages.list(answer.id);
    expect(messages.data).toEqual([
      expect.objectContaining({ id: `${answer.id}-0`, role: 'user', content: 'Hello there.', content_parts: null }),
    ]);
    expect(messages.has_more).toBe(false);
  });

  it('keeps a streamed answer under the id of its chunks', async () => {
    imitation?.setScript([{ text: 'A streamed answer, “quoted”.', reasoning: 'Let me think.' }]);
    const stream = await alice.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Stream, please.' }],
      store: true,
      stream: true,
    });
    let text = '';
    const ids = new Set<string>();
    for await (const chunk of stream) {
      ids.add(chunk.id);
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(id).toMatch(OUR_ID);
    const kept = await alice.chat.completions.retrieve(id);
    expect(kept).toMatchObject({ id, object: 'chat.completion', model });
    expect(kept.choices).toEqual([
      expect.objectContaining({ index: 0, finish_reason: 'stop', message: expect.objectContaining({ content: text }) }),
    ]);
    expect(text.length).toBeGreaterThan(0);
  });

  it('lists oldest first, by page, order, model and metadata', async () => {
    const client = server.openaiFor(await server.signUp('lister'));
    const ids: string[] = [];
    for (const [color, size] of [
      ['red', 'small'],
      ['red', 'large'],
      ['blue', 'large'],
    ] as const) {
      ids.push((await ask(client, `${color} ${size}`, { metadata: { color, size } })).id);
    }
    expect(await idsOf(client, {})).toEqual(ids);
    expect(await idsOf(client, { limit: 2, order: 'desc' })).toEqual([...ids].reverse());
    expect(await idsOf(client, { metadata: { color: 'red' } })).toEqual(ids.slice(0, 2));
    expect(await idsOf(client, { metadata: { color: 'red', size: 'large' }, limit: 1 })).toEqual([ids[1]]);
    expect(await idsOf(client, { model })).toEqual(ids);
    expect(await idsOf(client, { model: 'another' })).toEqual([]);
    const page = await client.chat.completions.list({ limit: 1, after: ids[0] ?? '' });
    expect(page.data.map(({ id }) => id)).toEqual([ids[1]]);
    expect(page.has_more).toBe(true);
    await expect(client.chat.completions.list({ after: 'chatcmpl-nobody' })).rejects.toThrow(OpenAI.BadRequestError);
  });

  it('replaces the metadata', async () => {
    const { id } = await ask(alice, 'Update me.', { metadata: { old: 'pair' } });
    const updated = await alice.chat.completions.update(id, { metadata: { new: 'pair' } });
    expect(updated).toMatchObject({ id, metadata: { new: 'pair' } });
    expect(await idsOf(alice, { metadata: { new: 'pair' } })).toEqual([id]);
    expect(await idsOf(alice, { metadata: { old: 'pair' } })).toEqual([]);
    expect(await alice.chat.completions.update(id, { metadata: null })).toHaveProperty('metadata', {});
    await expect(alice.post(`/chat/completions/${id}`, { body: {} })).rejects.toMatchObject({
      status: 400,
      param: 'metadata',
      code: 'missing_required_parameter',
    });
  });

  it('deletes', async () => {
    const { id } = await ask(alice, 'Delete me.');
    expect(await alice.chat.completions.delete(id)).toMatchObject({
      id,
      object: 'chat.completion.deleted',
      deleted: true,
    });
    await expect(alice.chat.completions.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(alice.chat.completions.delete(id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('hides it from another tenant as if there were none', async () => {
    const { id } = await ask(alice, 'Mine alone.', { metadata: { still: 'here' } });
    const unknown = `chatcmpl-${'0'.repeat(24)}`;
    const trials: ((id: string) => PromiseLike<unknown>)[] = [
      (wanted) => bob.chat.completions.retrieve(wanted),
      (wanted) => bob.chat.completions.update(wanted, { metadata: {} }),
      (wanted) => bob.chat.completions.delete(wanted),
      (wanted) => bob.chat.completions.messages.list(wanted),
    ];
    for (const trial of trials) {
      const error = async (wanted: string): Promise<unknown> =>
        Promise.resolve(trial(wanted)).then(
          () => 'no error',
          (reason: unknown) => (reason as Error).message.replace(wanted, 'ID'),
        );
      expect(await error(id)).toBe(await error(unknown));
      expect(await error(id)).toContain("No chat completion found with id 'ID'");
    }
    expect(await idsOf(bob, {})).toEqual([]);
    await expect(bob.chat.completions.list({ after: id })).rejects.toThrow(OpenAI.BadRequestError);
    expect(await alice.chat.completions.retrieve(id)).toHaveProperty('metadata', { still: 'here' });
  });

  it('pages through the messages', async () => {
    const parts = [
      { type: 'text' as const, text: 'Two ' },
      { type: 'text' as const, text: 'parts.' },
    ];
    const { id } = await ask(alice, '', {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: parts },
        { role: 'user', content: 'Go on.', name: 'alice' },
      ],
    });
    const all: unknown[] = [];
    for await (const message of alice.chat.completions.messages.list(id, { limit: 2 })) all.push(message);
    expect(all).toEqual([
      { id: `${id}-0`, role: 'system', content: 'Be short.', refusal: null, name: null, content_parts: null },
      { id: `${id}-1`, role: 'user', content: 'Two parts.', refusal: null, name: null, content_parts: parts },
      { id: `${id}-2`, role: 'user', content: 'Go on.', refusal: null, name: 'alice', content_parts: null },
    ]);
    const last = await alice.chat.completions.messages.list(id, { limit: 1, order: 'desc' });
    expect(last.data.map((message) => message.id)).toEqual([`${id}-2`]);
    expect(last.has_more).toBe(true);
  });

  it('keeps nothing without store', async () => {
    const client = server.openaiFor(await server.signUp('private'));
    await ask(client, 'Forget me.', { store: false });
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Forget me, too.' }] });
    expect(await idsOf(client, {})).toEqual([]);
  });

  it.each([
    ['store', { store: 'yes' }],
    ['metadata.k', { metadata: { k: 1 } }],
  ])('refuses a wrong %s', async (param, wrong) => {
    await expect(ask(alice, 'Hi.', wrong as unknown as Asked)).rejects.toMatchObject({ status: 400, param });
  });

  it('refuses to delete a model', async () => {
    await expect(alice.models.delete(model)).rejects.toMatchObject({
      status: 403,
      error: { message: expect.stringContaining('Models are managed on the model server'), param: 'model' },
    });
    expect(await alice.models.retrieve(model)).toMatchObject({ id: model });
  });

  if (place === 'demo') return;

  it('spares the model server the fields', async () => {
    await ask(alice, 'What do you see?', { metadata: { a: 'b' }, temperature: 0.5 });
    const messages = [{ role: 'user', content: 'What do you see?' }];
    expect(imitation?.chats.at(-1)?.body).toEqual(
      place === 'ollama'
        ? { model, messages, options: { temperature: 0.5 }, stream: true }
        : { model, messages, temperature: 0.5 },
    );
  });

  it('keeps the tool calls of a streamed answer', async () => {
    imitation?.setScript([{ toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] }]);
    const stream = alice.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'Weather?' }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
      store: true,
    });
    const got = await stream.finalChatCompletion();
    const kept = await alice.chat.completions.retrieve(got.id);
    expect(kept.choices[0]?.finish_reason).toBe('tool_calls');
    const [call] = kept.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toEqual({ city: 'Oslo' });
  });

  it('keeps no answer that broke off', async () => {
    const client = server.openaiFor(await server.signUp('unlucky'), { maxRetries: 0 });
    imitation?.setScript([{ text: 'This will be cut.', cut: 'mid-stream' }]);
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'Cut.' }],
      store: true,
    });
    await expect(stream.finalChatCompletion()).rejects.toThrow();
    imitation?.setScript([{ error: { status: 400, message: 'No.' } }]);
    await expect(ask(client, 'Refuse.')).rejects.toThrow(OpenAI.BadRequestError);
    imitation?.setScript([]);
    expect(await idsOf(client, {})).toEqual([]);
  });

  // Its own interface is translated.
  if (place === 'ollama') return;

  it('passes on byte for byte what is not to be kept', async () => {
    const frames = ['data: {"id":"server-id","choices":[]}\n\n', 'data: [DONE]\n\n'];
    imitation?.setScript([{ rawFrames: frames }]);
    const answer = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alice.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Raw.' }], stream: true }),
    });
    expect(await answer.text()).toBe(frames.join(''));
  });
});
