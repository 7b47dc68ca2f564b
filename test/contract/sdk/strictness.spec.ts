import { eventually } from '../../support/eventually.js';
import { plainHeaders, textOf, useContractPlace } from './contract-place.js';
import { allFrames, dataOf, one, outlineOf } from './raw-stream.js';
import { SDK_6 } from './sdks.js';

interface Answer {
  status: number;
  headers: Headers;
  body: {
    error?: { message: string; code: string | null; param: string | null };
    data?: { id: string }[];
    id?: string;
  };
}

/** Where servers that imitate this wire are usually lax: one test for each. */
describe('strictness', () => {
  const place = useContractPlace(SDK_6);
  let token: string;

  beforeAll(async () => {
    token = await place.server.logIn('contractor');
  });

  function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return place.validating.fetch(`${place.server.baseUrl}/v1${path}`, {
      method,
      headers: { ...plainHeaders(token), 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
  }

  async function call(...request: Parameters<typeof send>): Promise<Answer> {
    const response = await send(...request);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  it.each([
    ['a body that is not valid', 'POST', '/assistants', { nonsense: 1 }],
    ['a body that is no JSON', 'POST', '/assistants', '{"model": '],
    ['a query that is not valid', 'GET', '/assistants?limit=0', undefined],
    ['an object that is not there', 'GET', '/threads/thread_x', undefined],
    ['a version of the wire that is not spoken', 'GET', '/threads', undefined],
    ['a form that is none', 'POST', '/files', 'no form'],
  ])('authentication comes before validation: %s', async (_what, method, path, body) => {
    const beta = 'assistants=v1';
    const answer = await call(method, path, body, { authorization: 'Bearer nobody', 'openai-beta': beta });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
  });

  it.each([
    ['0', 'integer_below_min_value'],
    ['101', 'integer_above_max_value'],
  ])('limit=%s is refused on every list', async (limit, code) => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    const lists = ['/assistants', '/threads', '/messages', '/runs', `/runs/${run.id}/steps`].map((path, index) =>
      index < 2 ? path : `/threads/${threadId}${path}`,
    );
    for (const path of lists) {
      const answer = await call('GET', `${path}?limit=${limit}`);
      expect({ path, ...answer }).toMatchObject({ path, status: 400, body: { error: { param: 'limit', code } } });
    }
  });

  it('an unknown assistant in a run is not found, and leaves nothing behind', async () => {
    const { threadId } = await place.assistantAndThread();
    const before = (await call('GET', '/threads?limit=100')).body.data?.length;
    const message = "No assistant found with id 'asst_x'.";
    for (const path of [`/threads/${threadId}/runs`, '/threads/runs']) {
      const answer = await call('POST', path, { assistant_id: 'asst_x' });
      expect(answer).toMatchObject({ status: 404, body: { error: { message } } });
    }
    expect((await call('GET', '/threads?limit=100')).body.data).toHaveLength(before ?? 0);
    await place.client.beta.threads.messages.create(threadId, { role: 'user', content: 'The thread is free.' });
  });

  it('run.queued is always sent: of a run, of one with its thread, and of one that goes on', async () => {
    place.model.setScript([{ text: 'a' }, { toolCalls: [{ name: 'look', arguments: {} }] }, { text: 'b' }]);
    const tools = [{ type: 'function' as const, function: { name: 'look' } }];
    const { threadId, assistant_id } = await place.assistantAndThread({ tools });
    const body = { assistant_id, stream: true };
    const first = await allFrames(await send('POST', '/threads/runs', body));
    const second = await allFrames(await send('POST', `/threads/${threadId}/runs`, body));
    const waiting = one(dataOf(second, 'thread.run.requires_action')).id ?? '';
    const { required_action } = await place.client.beta.threads.runs.retrieve(waiting, { thread_id: threadId });
    const calls = required_action?.submit_tool_outputs.tool_calls ?? [];
    const tool_outputs = calls.map(({ id }) => ({ tool_call_id: id, output: '' }));
    const path = `/threads/${threadId}/runs/${waiting}/submit_tool_outputs`;
    const third = await allFrames(await send('POST', path, { tool_outputs, stream: true }));
    for (const frames of [first, second, third]) expect(outlineOf(frames)).toContain('run.queued (queued)');
    // A step of tools is created empty; its calls come by deltas.
    expect(one(dataOf(second, 'thread.run.step.created')).step_details).toEqual({ type: 'tool_calls', tool_calls: [] });
  });

  it('refusals that stay are 400, which SDKs do not repeat, and never 409', async () => {
    place.model.setScript([{ text: 'word '.repeat(200), delayMs: 25 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await call('POST', `/threads/${threadId}/runs`, { assistant_id });
    const path = `/threads/${threadId}/runs/${run.body.id}`;
    const refused = [
      await call('POST', `/threads/${threadId}/runs`, { assistant_id }),
      await call('POST', `/threads/${threadId}/messages`, { role: 'user', content: 'x' }),
      await call('POST', `${path}/submit_tool_outputs`, { tool_outputs: [] }),
    ];
    await call('POST', `${path}/cancel`);
    await place.client.beta.threads.runs.poll(run.body.id ?? '', { thread_id: threadId });
    refused.push(await call('POST', `${path}/cancel`));
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  it('a message with "queue" waits for the end of the run', async () => {
    place.model.setScript([{ text: 'one two three four', delayMs: 60 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const { runs } = place.client.beta.threads;
    const run = await runs.create(threadId, { assistant_id });
    const answer = await call('POST', `/threads/${threadId}/messages`, {
      role: 'user',
      content: 'Later.',
      queue: true,
    });
    expect(answer.status).toBe(200);
    expect((await place.messages(threadId)).map(textOf)).not.toContain('Later.');
    await runs.poll(run.id, { thread_id: threadId });
    await eventually(async () =>
      expect((await place.messages(threadId)).map(textOf)).toEqual(['Hello.', 'one two three four', 'Later.']),
    );
  });

  describe('the header that names the version of the wire', () => {
    const REFUSAL = {
      error: {
        message:
          "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_beta',
      },
    };

    function sendPlain(method: string, path: string, beta?: string): Promise<Response> {
      const headers = { authorization: `Bearer ${token}`, ...(beta === undefined ? {} : { 'openai-beta': beta }) };
      return place.validating.fetch(`${place.server.baseUrl}/v1${path}`, { method, headers });
    }

    it.each([
      ['GET', '/assistants'],
      ['POST', '/assistants'],
      ['GET', '/threads'],
      ['POST', '/threads'],
      ['POST', '/threads/runs'],
      ['GET', '/threads/thread_x'],
      ['GET', '/threads/thread_x/messages'],
      ['POST', '/threads/thread_x/runs'],
      ['GET', '/threads/thread_x/runs/run_x/steps'],
      ['GET', '/threads/thread_x/runs/run_x/stream'],
    ])('%s %s is refused without it, and with that of another version', async (method, path) => {
      for (const beta of [undefined, 'assistants=v1']) {
        const answer = await sendPlain(method, path, beta);
        expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 400, body: REFUSAL });
      }
    });

    it.each(['/files', '/models', '/chat/completions'])('GET %s does not ask for it', async (path) => {
      expect((await sendPlain('GET', path)).status).toBe(200);
      expect((await sendPlain('GET', path, 'assistants=v1')).status).toBe(200);
    });
  });

  it('every answer has the headers of the wire, runs also the one for those who poll', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await call('POST', `/threads/${threadId}/runs`, { assistant_id });
    const missing = await call('GET', '/threads/thread_x');
    for (const { headers } of [run, missing]) {
      expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
      expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/);
      expect(headers.get('openai-version')).toBe('2020-10-01');
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }
    expect(run.headers.get('openai-poll-after-ms')).toMatch(/^\d+$/);
    await place.client.beta.threads.runs.poll(run.body.id ?? '', { thread_id: threadId });
  });

  it('a thread needs no body and no content type, and a cancel neither', async () => {
    const headers = plainHeaders(token);
    const url = `${place.server.baseUrl}/v1/threads`;
    const created = await place.validating.fetch(url, { method: 'POST', headers });
    expect(created.status).toBe(200);
    const { id } = (await created.json()) as { id: string };
    const cancelled = await place.validating.fetch(`${url}/${id}/runs/run_x/cancel`, { method: 'POST', headers });
    expect(cancelled.status).toBe(404);
  });

  it.each(['', '; filename="a.txt"'])(
    'a form part without a name is refused (its head goes on with "%s")',
    async (more) => {
      const form = `--edge\r\ncontent-disposition: form-data; name=""${more}\r\n\r\n1\r\n--edge--\r\n`;
      const answer = await call('POST', '/files', form, { 'content-type': 'multipart/form-data; boundary=edge' });
      expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.any(String) as string } } });
    },
  );

  it('include takes its one value, in brackets, repeated or plain, and no other', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    const path = `/threads/${threadId}/runs/${run.id}/steps`;
    const value = 'step_details.tool_calls[*].file_search.results[*].content';
    for (const query of [`include[]=${value}`, `include=${value}`]) {
      expect((await call('GET', `${path}?${query}`)).status).toBe(200);
      expect((await call('POST', `/threads/${threadId}/runs?${query}`, {})).body.error?.param).toBe('assistant_id');
    }
    expect((await call('GET', `${path}?include[]=everything`)).status).toBe(400);
    expect((await call('POST', `/threads/${threadId}/runs?include[]=everything`, { assistant_id })).status).toBe(400);
  });

  it('an id that no object can have is not found, wherever it stands in the path', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    const message = { role: 'user', content: 'x' };
    const requests: [string, string, unknown?][] = [
      ['GET', '/assistants/%00'],
      ['GET', '/files/%00'],
      ['POST', '/uploads/%00/cancel'],
      ['GET', '/chat/completions/%00'],
      ['POST', '/chat/completions/%00', { metadata: { a: 'b' } }],
      ['POST', '/threads/%00', { metadata: { a: 'b' } }],
      ['GET', `/threads/%00/messages`],
      ['POST', `/threads/%00/messages`, message],
      ['GET', `/threads/%00/messages/msg_x`],
      ['POST', `/threads/%00/runs`, { assistant_id }],
      ['GET', `/threads/%00/runs/${run.id}`],
      ['POST', `/threads/%00/runs/${run.id}/cancel`],
      ['POST', `/threads/%00/runs/${run.id}/submit_tool_outputs`, { tool_outputs: [] }],
      ['GET', `/threads/${threadId}/runs/%00/steps`],
      ['GET', `/threads/${threadId}/runs/%00/steps/step_x`],
      ['GET', `/threads/${threadId}/runs/${run.id}/steps/%00`],
    ];
    for (const [method, path, body] of requests) {
      expect({ path, status: (await call(method, path, body)).status }).toEqual({ path, status: 404 });
    }
  });

  it('a cursor of another list, or of nothing, is refused', async () => {
    const { threadId } = await place.assistantAndThread();
    for (const after of [threadId, 'msg_x']) {
      const answer = await call('GET', `/threads/${threadId}/messages?after=${after}`);
      expect(answer).toMatchObject({ status: 400, body: { error: { param: 'after' } } });
    }
  });
});
