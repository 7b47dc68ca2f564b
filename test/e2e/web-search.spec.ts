import { ImitationSearchEngine } from '../fakes/web-search/imitation-search-engine.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { ANSWER, call, chatTools, runWithTools, tools } from './support/tool-run.js';

const START_PATIENCE_MS = 120_000;
const HIT = { title: 'Corn prices', url: 'https://example.org/corn', content: 'Corn costs 4 dollars a bushel.' };

describe('web_search', () => {
  const messages = [{ role: 'user' as const, content: 'Help me.' }];
  const engine = new ImitationSearchEngine();
  let scripted: ScriptedServer;

  beforeAll(async () => {
    await engine.start();
    scripted = await startScriptedServer({ env: { TAVILY_API_KEY: 'tvly-secret', TAVILY_URL: engine.url } });
  }, START_PATIENCE_MS);
  beforeEach(() => {
    engine.hits = [HIT];
    engine.failure = null;
    engine.requests.length = 0;
  });
  afterAll(async () => {
    await scripted?.stop();
    await engine.stop();
  });

  it('the query goes to the engine alone, and the model reads titles, addresses and texts', async () => {
    const wanted = tools({ type: 'web_search', options: { max_num_results: 1 } });
    engine.hits = [HIT, { ...HIT, url: 'javascript:alert(1)' }];
    const done = await runWithTools(scripted, wanted, [call('web_search', { query: 'corn price' }), ANSWER]);
    expect(done.status).toBe('completed');
    expect(done.read).toBe('Corn prices\nhttps://example.org/corn\nCorn costs 4 dollars a bushel.');
    expect(done.calls).toMatchObject([{ type: 'function', function: { name: 'web_search', output: done.read } }]);
    expect(engine.requests).toMatchObject([
      { method: 'POST', path: '/search', authorization: 'Bearer tvly-secret', query: 'corn price' },
    ]);
  });

  it('a failing engine is a result, not the end of the run', async () => {
    engine.failure = { status: 432, body: '{"detail":"plan limit"}' };
    const done = await runWithTools(scripted, tools({ type: 'web_search' }), [
      call('web_search', { query: 'corn' }),
      ANSWER,
    ]);
    expect(done).toMatchObject({ status: 'completed', read: 'The search failed: Tavily answered with status 432.' });
  });

  it('is told in a stream as it works', async () => {
    const { client, models } = scripted;
    const said = 'Four [a](https://example.org/corn) [b](https://b.example/).';
    models.setScript([call('web_search', { query: 'corn price' }), { text: said, chunkSize: 3 }]);
    const stream = await client.chat.completions.create({
      model: models.model,
      messages,
      tools: chatTools({ type: 'web_search', options: { max_num_results: 1 } }),
      stream: true,
    });
    let [text, output] = ['', ''];
    for await (const { choices } of stream) {
      const delta = choices[0]?.delta as { content?: string; tool_activity?: { output?: string }[] } | undefined;
      text += delta?.content ?? '';
      output += delta?.tool_activity?.map((activity) => activity.output ?? '').join('') ?? '';
    }
    expect(text).toBe('Four [a](https://example.org/corn) b.');
    expect(output).toContain('https://example.org/corn');
  });

  it('links to what was found are annotated, streamed and kept as well', async () => {
    const { client, models } = scripted;
    const link = '[a](https://example.org/corn)';
    const said = `🌽 [b](https://b.example/) costs 4 ${link}, not 5 ${link}.`;
    const content = `🌽 b costs 4 ${link}, not 5 ${link}.`;
    const cited = (start_index: number): object => ({
      type: 'url_citation',
      url_citation: { start_index, end_index: start_index + link.length, title: HIT.title, url: HIT.url },
    });
    const annotations = [cited(12), cited(12 + link.length + ', not 5 '.length)];
    const asked = { model: models.model, messages, tools: chatTools({ type: 'web_search' }), store: true };
    const script = [call('web_search', { query: 'corn price' }), { text: said, chunkSize: 3 }];
    models.setScript(script);
    const whole = await client.chat.completions.create(asked);
    expect(whole.choices[0]?.message).toMatchObject({ content, annotations });
    models.setScript(script);
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message).toMatchObject({ content, annotations });
    for (const { id } of [whole, streamed]) {
      expect((await client.chat.completions.retrieve(id)).choices[0]?.message).toMatchObject({
        content,
        annotations,
      });
    }
  });
});
