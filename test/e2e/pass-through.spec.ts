import OpenAI from 'openai';
import { wordVector } from '../fakes/model-server/word-vectors.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { collect } from './support/stream-events.js';
import { callWire } from './support/wire-call.js';

const LIMIT = 1000;
let scripted: ScriptedServer;

beforeAll(async () => {
  scripted = await startScriptedServer({ env: { RATE_LIMIT_REQUESTS_PER_MINUTE: String(LIMIT) } });
});
afterAll(() => scripted.stop());

const post = (path: string, body: unknown, token = scripted.token): ReturnType<typeof callWire> =>
  callWire(scripted.server, token, { method: 'POST', path, body });
const lastAsked = (): unknown => scripted.models.requests.at(-1)?.body;

describe('embeddings', () => {
  it.each(['float', 'base64', undefined] as const)(
    'are made as the SDK asks for them (%s)',
    async (encoding_format) => {
      const input = ['the first', 'the second'];
      const model = scripted.models.model;
      const {
        data,
        usage,
        model: answered,
      } = await scripted.client.embeddings.create({
        model,
        input,
        ...(encoding_format === undefined ? {} : { encoding_format }),
      });
      expect(answered).toBe(model);
      expect(usage.prompt_tokens).toBeGreaterThan(0);
      const vectors = data.map(({ embedding }) => embedding as unknown);
      if (encoding_format === 'base64') expect(vectors).toEqual([expect.any(String), expect.any(String)]);
      else expect(vectors).toEqual(input.map(wordVector));
    },
  );

  it('reach the server as they were sent', async () => {
    const body = { model: scripted.models.model, input: 'x', dimensions: 8, of_the_server: { kept: [1] } };
    const { status, headers } = await post('/embeddings', body);
    expect(status).toBe(200);
    expect(lastAsked()).toEqual(body);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    expect(headers.get('x-ratelimit-limit-requests')).toBe(String(LIMIT));
  });
});

describe('reranking', () => {
  it('scores documents', async () => {
    const documents = ['nothing', 'the answer to the question'];
    const { status, body } = await post('/rerank', { model: scripted.models.model, query: 'the question', documents });
    expect(status).toBe(200);
    expect(body).toMatchObject({ results: [{ index: 1, relevance_score: 1 }, { index: 0 }] });
  });
});

describe('legacy completions', () => {
  it('come in one piece and as a stream', async () => {
    scripted.models.setScript([{ text: 'One two three.', repeat: true }]);
    const request = { model: scripted.models.model, prompt: 'Count' };
    const whole = await scripted.client.completions.create(request);
    expect(whole.choices[0]?.text).toBe('One two three.');
    const chunks = await collect(await scripted.client.completions.create({ ...request, stream: true }));
    expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe('One two three.');
  });

  it('go to the default model where none is named', async () => {
    expect((await post('/completions', { prompt: 'Hi' })).status).toBe(200);
    expect(lastAsked()).toEqual({ model: scripted.models.model, prompt: 'Hi' });
  });
});

describe('what cannot be passed on', () => {
  it.each(['/embeddings', '/rerank', '/completions'])('%s tells it in the envelope', async (path) => {
    const model = scripted.models.model;
    const answers = {
      unknown: await post(path, { model: 'none' }),
      wrongType: await post(path, { model: 7 }),
      list: await post(path, []),
      remote: await post(path, { model, input: [{ image_url: { url: 'http://10.0.0.1/' } }] }),
      stranger: await post(path, { model }, 'sk-none'),
    };
    expect(answers.unknown).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found', param: 'model' } },
    });
    expect(answers.wrongType).toMatchObject({ status: 400, body: { error: { code: 'invalid_type', param: 'model' } } });
    expect(answers.list).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error' } } });
    expect(answers.remote).toMatchObject({ status: 400, body: { error: { code: 'invalid_value' } } });
    expect(answers.stranger).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
  });

  it.each(['/embeddings', '/rerank'])('%s needs a model', async (path) => {
    const { status, body } = await post(path, { input: 'x' });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'missing_required_parameter' } } });
  });

  it.each([
    ['/embeddings', 429, 'rate_limit_exceeded'],
    ['/rerank', 500, 'model_server_error'],
    ['/completions', 503, 'model_server_unavailable'],
  ])('%s tells an error %s of the server', async (path, status, code) => {
    scripted.models.setScript([{ path: `/v1${path}`, error: { status, message: 'Not now.' } }]);
    const { body } = await post(path, { model: scripted.models.model, input: 'x', query: 'x', documents: ['x'] });
    expect(body).toMatchObject({ error: { code, message: 'Not now.' } });
  });
});

describe.each(['/embeddings', '/rerank', '/completions'])('a client of %s that leaves', (path) => {
  it('ends the request at the model server', async () => {
    scripted.models.setScript([{ path: `/v1${path}`, delayMs: 60_000 }]);
    const leaving = new AbortController();
    const call = fetch(`${scripted.server.baseUrl}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scripted.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: scripted.models.model, input: 'x', query: 'x', documents: ['x'] }),
      signal: leaving.signal,
    }).catch(() => undefined);
    await eventually(() => expect(scripted.models.requests.at(-1)?.path).toBe(`/v1${path}`));
    leaving.abort();
    await call;
    await eventually(() => expect(scripted.models.requests.at(-1)?.closedEarly).toBe(true));
  });
});

describe('the demo model', () => {
  let server: TestServer;
  let client: OpenAI;
  beforeAll(async () => {
    server = await startServer();
    client = server.openaiFor(await server.signUp('anna'), { maxRetries: 0 });
  });
  afterAll(() => server.stop());

  it('says what it does not do', async () => {
    const model = 'threadmill-demo';
    const embedding = client.embeddings.create({ model, input: 'x' });
    await expect(embedding).rejects.toMatchObject({ status: 400, code: 'model_not_supported' });
    const completion = client.completions.create({ model, prompt: 'x' });
    await expect(completion).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('chat model') as string,
    });
    await expect(client.embeddings.create({ model: 'none', input: 'x' })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});
