import type OpenAI from 'openai';
import { toFile } from 'openai';
import { eventually } from '../support/eventually.js';
import { describedFiles, factsIn } from './support/described-files.js';
import { FollowedRun } from './support/followed-run.js';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { slowTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

/** One transparent pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

interface SentBody {
  messages: { role: string; content: unknown }[];
  max_tokens?: number;
}

describe('what the model sees', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer({ env: { VISION_MODELS: '*', CONTEXT_SIZE: '0' } });
  });
  afterAll(() => scripted.stop());

  /** The last request that the model server got. */
  function lastSent(): SentBody {
    return scripted.models.chats.at(-1)?.body as SentBody;
  }

  async function runOn(
    threadId: string,
    more: Partial<OpenAI.Beta.Threads.RunCreateParams> = {},
    script: ScriptedTurn[] = [{ text: 'Seen.' }],
  ): Promise<SentBody> {
    const { client, models, assistantId } = scripted;
    models.setScript(script);
    const body = { assistant_id: assistantId, tools: [], ...more, stream: false as const };
    const run = await client.beta.threads.runs.createAndPoll(threadId, body);
    expect(run.status).toBe('completed');
    return lastSent();
  }

  it('is a message that waited for the end of a run, only afterwards and in its place', async () => {
    const { client, models } = scripted;
    const threadId = await scripted.newThread('first');
    models.setScript([slowTurn(30, 40)]);
    const run = new FollowedRun(scripted, threadId);
    await run.waitFor('thread.message.delta');
    const early = { role: 'user' as const, content: 'second', queue: true };
    const queued = await client.beta.threads.messages.create(threadId, early);
    const during = await client.beta.threads.messages.list(threadId, { order: 'asc' });
    expect(during.data.map(({ id }) => id)).not.toContain(queued.id);
    await run.end;
    const after = await client.beta.threads.messages.list(threadId, { order: 'asc' });
    expect(after.data.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(after.data.at(-1)?.id).toBe(queued.id);
    const { messages } = await runOn(threadId);
    expect(messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(['first', 'second']);
  });

  it('are images of files and of data URLs, as data', async () => {
    const { client } = scripted;
    const png = await toFile(Buffer.from(PIXEL, 'base64'), 'pixel.png');
    const file = await client.files.create({ file: png, purpose: 'vision' });
    const url = `data:image/png;base64,${PIXEL}`;
    const thread = await client.beta.threads.create({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'image_file', image_file: { file_id: file.id, detail: 'low' } },
            { type: 'image_url', image_url: { url } },
            { type: 'image_url', image_url: { url: 'http://127.0.0.1:1/private.png' } },
          ],
        },
      ],
    });
    const { messages } = await runOn(thread.id);
    expect(messages.at(-1)?.content).toEqual([
      { type: 'text', text: 'Look.\n[image http://127.0.0.1:1/private.png]' },
      { type: 'image_url', image_url: { url, detail: 'low' } },
      { type: 'image_url', image_url: { url, detail: 'auto' } },
    ]);
  });

  it('is how files are built, of those that lie ready for code and of those in which something was found', async () => {
    const { client } = scripted;
    const tools = [{ type: 'code_interpreter' as const }, { type: 'file_search' as const }];
    const files = await describedFiles();
    const attachments = [];
    for (const { name, content } of files) {
      const file = await client.files.create({ file: await toFile(Buffer.from(content), name), purpose: 'assistants' });
      attachments.push({ file_id: file.id, tools });
    }
    const messages = [{ role: 'user' as const, content: 'Where are sales?', attachments }];
    const thread = await client.beta.threads.create({ messages });
    const search = { toolCalls: [{ name: 'file_search', arguments: { queries: ['sales'] } }] };
    // A parser that does not answer in time, on a machine that does much else, is done without.
    await eventually(async () => {
      const sent = (await runOn(thread.id, { tools }, [search, { text: 'Seen.' }])).messages;
      const workspace = factsIn(sent[0]?.content, /^- \/mnt\/data\/(\S+) \(\d+ bytes\): (.*)$/gm);
      const found = factsIn(sent.at(-1)?.content, /<file name="([^"]+)">(.*)<\/file>/g);
      for (const { name, structure, samples = {} } of files) {
        expect({ name, workspace: workspace[name] }).toMatchObject({ name, workspace: structure });
        expect({ name, found: found[name] }).toMatchObject({ name, found: structure });
        expect({ name, found: found[name] }).toMatchObject({ name, found: samples });
      }
      expect(JSON.stringify(workspace)).not.toContain('sample');
    });
  });

  it('are the last messages where only those are asked for', async () => {
    const { client } = scripted;
    const messages = ['one', 'two', 'three'].map((content) => ({ role: 'user' as const, content }));
    const thread = await client.beta.threads.create({ messages });
    const sent = await runOn(thread.id, { truncation_strategy: { type: 'last_messages', last_messages: 2 } });
    expect(sent.messages.map(({ content }) => content)).toEqual(['two', 'three']);
  });

  it('fits: the middle of a long thread is left out, and a prompt beyond its budget ends the run', async () => {
    const { client, assistantId } = scripted;
    const long = 'word '.repeat(2000);
    const messages = ['The first.', long, long, 'The last.'].map((content) => ({ role: 'user' as const, content }));
    const thread = await client.beta.threads.create({ messages });
    const sent = await runOn(thread.id, { max_prompt_tokens: 300 });
    expect(sent.messages.map(({ content }) => content)).toEqual(['The first.', 'The last.']);
    const tooLong = await client.beta.threads.create({ messages: [{ role: 'user', content: long }] });
    const body = { assistant_id: assistantId, tools: [], max_prompt_tokens: 300 };
    const run = await client.beta.threads.runs.createAndPoll(tooLong.id, body);
    expect(run).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_prompt_tokens' } });
  });
});

describe('a project with a limit of requests', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer({ env: { RATE_LIMIT_REQUESTS_PER_MINUTE: '5' } });
  });
  afterAll(() => scripted.stop());

  it('is told where it stands, and refused beyond', async () => {
    const { client } = scripted;
    const { response } = await client.models.list().withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('5');
    expect(Number(response.headers.get('x-ratelimit-remaining-requests'))).toBeLessThan(5);
    const refusal: unknown = await (async (): Promise<void> => {
      for (let request = 0; request < 6; request += 1) await client.models.list();
    })().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 429, code: 'rate_limit_exceeded', error: { type: 'requests' } });
  });
});
