import { toFile } from 'openai';
import type { ScriptedTurn } from '../../../fakes/model-server/index.js';
import { textOf, type AssistantParams, type ContractPlace, type Message } from '../contract-place.js';

const FOODS = "Filip's favorite food is cake. Ben's favorite drink is green tea.";
const RULES = 'The warranty of every pump lasts five years from the day of delivery.';
const TOKEN = '【0:0†favorite_foods.txt】';
const CONTENT = 'step_details.tool_calls[*].file_search.results[*].content';
const REFUSAL = 'I could not find anything about that in the documents.';
const search = (...queries: string[]): ScriptedTurn => ({
  toolCalls: [{ name: 'file_search', arguments: { queries } }],
});

/** What the model writes, and what is shown of it. */
const MARKERS: [string, string][] = [
  ['Filip likes cake [[1]].', `Filip likes cake ${TOKEN}.`],
  ['Filip likes cake [[1]][[1]] [[7]].', `Filip likes cake ${TOKEN}.`],
  ['🍰 [1], 【1†source】 and (source 1)', `🍰 ${TOKEN}, ${TOKEN} and ${TOKEN}`],
  ['Cake [[1: "favorite food is cake"]] it is [[', `Cake ${TOKEN} it is`],
  ['Cake [[1 [[1]]]] and [[9]] no more', `Cake ${TOKEN} and no more`],
];

export const ALL_PIECE_SIZES = [1, 2, 3, 5, 8, 200];

/**
 * Searches in vector stores: the steps, what the model reads, and the citations in polled and streamed texts.
 * @param pieceSizes characters of the pieces in which the model's answers come
 */
export function describeFileSearch(place: ContractPlace, pieceSizes: readonly number[]): void {
  const runs = (): typeof place.client.beta.threads.runs => place.client.beta.threads.runs;
  let foods: { storeId: string; fileId: string };
  let rules: { storeId: string; fileId: string };

  beforeAll(async () => {
    foods = await storeOf('favorite_foods.txt', FOODS);
    rules = await storeOf('rules.txt', RULES);
  });

  async function storeOf(name: string, text: string): Promise<{ storeId: string; fileId: string }> {
    const { files, vectorStores } = place.client;
    const file = await files.create({ file: await toFile(Buffer.from(text), name), purpose: 'assistants' });
    const { id: storeId } = await vectorStores.create({});
    expect(await vectorStores.files.createAndPoll(storeId, { file_id: file.id })).toMatchObject({
      status: 'completed',
    });
    return { storeId, fileId: file.id };
  }

  async function begin(
    script: ScriptedTurn[],
    tool: object = {},
    storeId = foods.storeId,
  ): Promise<{ threadId: string; assistant_id: string }> {
    const settings = {
      tools: [{ type: 'file_search', ...tool }],
      tool_resources: { file_search: { vector_store_ids: [storeId] } },
    } as Partial<AssistantParams>;
    const made = await place.assistantAndThread(settings);
    place.model.setScript(script);
    return made;
  }

  function annotationsOf(message: Message | undefined): object[] {
    return (message?.content ?? []).flatMap((part) => (part.type === 'text' ? part.text.annotations : []));
  }

  function citation(text: string, start_index: number, more: object = {}): object {
    const end_index = start_index + text.length;
    return { type: 'file_citation', text, start_index, end_index, file_citation: { file_id: foods.fileId, ...more } };
  }

  it('a run searches, answers and cites, polled', async () => {
    const { threadId, assistant_id } = await begin([search('favorite food'), { text: MARKERS[0]?.[0] ?? '' }]);
    const run = await runs().createAndPoll(threadId, { assistant_id });
    expect(run).toMatchObject({ status: 'completed', usage: { total_tokens: 38 } });
    const message = (await place.messages(threadId)).at(-1);
    expect(textOf(message)).toBe(`Filip likes cake ${TOKEN}.`);
    expect(annotationsOf(message)).toEqual([citation(TOKEN, 17)]);
    const found = { file_id: foods.fileId, file_name: 'favorite_foods.txt', score: expect.any(Number) as number };
    const ranking_options = { ranker: 'default_2024_08_21', score_threshold: 0 };
    expect(await place.steps(run)).toMatchObject([
      {
        status: 'completed',
        step_details: { tool_calls: [{ type: 'file_search', file_search: { ranking_options } }] },
      },
      { status: 'completed', type: 'message_creation' },
    ]);
    const [step] = await place.steps(run);
    expect(resultsOf(step)).toEqual([{ ...found, attributes: {}, page: null, headings: [] }]);
    const asked = place.model.chats.at(-1)?.body as { messages: { role: string; content: unknown }[] };
    expect(asked.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: `<source number="1" file="favorite_foods.txt">\n${FOODS}\n</source>`,
    });
  });

  it('what was found is told where it is asked for: in a step, in lists, in streams', async () => {
    const { threadId, assistant_id } = await begin([search('favorite food'), { text: 'Cake [[1]].' }]);
    const content = [{ type: 'text', text: FOODS }];
    const streamed: unknown[] = [];
    const stream = await runs().create(threadId, { assistant_id, stream: true, include: [CONTENT] });
    for await (const { event, data } of stream) {
      if (event === 'thread.run.step.completed') streamed.push(...resultsOf(data));
    }
    expect(streamed).toMatchObject([{ content }]);
    const [run] = (await runs().list(threadId)).data;
    const path = { thread_id: threadId, run_id: run?.id ?? '' };
    const list = await runs().steps.list(path.run_id, { thread_id: threadId, order: 'asc', include: [CONTENT] });
    expect(resultsOf(list.data[0])).toMatchObject([{ content }]);
    const id = list.data[0]?.id ?? '';
    expect(resultsOf(await runs().steps.retrieve(id, { ...path, include: [CONTENT] }))).toMatchObject([{ content }]);
    expect(resultsOf(await runs().steps.retrieve(id, path))[0]).not.toHaveProperty('content');
  });

  it.each(MARKERS)(
    '%j is shown as %j, in whatever pieces it comes',
    async (written, shown) => {
      for (const chunkSize of pieceSizes) {
        const { threadId, assistant_id } = await begin([search('favorite food'), { text: written, chunkSize }]);
        let text = '';
        const told: object[] = [];
        const stream = runs()
          .stream(threadId, { assistant_id })
          .on('textDelta', ({ value, annotations }) => {
            text += value ?? '';
            told.push(...(annotations ?? []));
          });
        const [streamed] = await stream.finalMessages();
        expect(text).toBe(shown);
        const kept = (await place.messages(threadId)).at(-1);
        expect([textOf(streamed), textOf(kept)]).toEqual([shown, shown]);
        // As Python's strings count, whose characters are code points.
        const places = [...shown.matchAll(new RegExp(TOKEN, 'g'))].map(
          ({ index }) => [...shown.slice(0, index)].length,
        );
        expect(annotationsOf(kept)).toMatchObject(places.map((index) => citation(TOKEN, index)));
        expect(told).toMatchObject(places.map((index, number) => ({ index: number, ...citation(TOKEN, index) })));
      }
    },
    60_000,
  );

  it('a quote that the document has goes with the citation, another one does not', async () => {
    const text = 'A [[1: "favorite food is cake"]] b [[1: "favorite food is soup"]].';
    const { threadId, assistant_id } = await begin([search('favorite food'), { text }]);
    await runs().createAndPoll(threadId, { assistant_id });
    const message = (await place.messages(threadId)).at(-1);
    const second = 2 + TOKEN.length + 3;
    expect(annotationsOf(message)).toEqual([
      citation(TOKEN, 2, { quote: 'favorite food is cake' }),
      citation(TOKEN, second),
    ]);
  });

  it("the assistant's and the thread's stores are searched together, in several calls of a turn", async () => {
    const both = [...(search('favorite food').toolCalls ?? []), ...(search('warranty of the pump').toolCalls ?? [])];
    const { threadId, assistant_id } = await begin([{ toolCalls: both }, { text: 'Done.' }]);
    await place.client.beta.threads.update(threadId, {
      tool_resources: { file_search: { vector_store_ids: [rules.storeId] } },
    });
    const run = await runs().createAndPoll(threadId, { assistant_id });
    const [step] = await place.steps(run);
    const names = new Set(resultsOf(step).map(({ file_name }) => file_name));
    expect([...names].sort()).toEqual(['favorite_foods.txt', 'rules.txt']);
  });

  it('the tool keeps to its options, and to the choice of the client', async () => {
    const file_search = {
      max_num_results: 1,
      ranking_options: { ranker: 'auto', score_threshold: 0.01, hybrid_search: null },
    };
    const { threadId, assistant_id } = await begin([search('favorite food'), { text: 'Done.' }], { file_search });
    const run = await runs().createAndPoll(threadId, { assistant_id, tool_choice: { type: 'file_search' } });
    expect(run).toMatchObject({ tool_choice: { type: 'file_search' }, tools: [{ type: 'file_search', file_search }] });
    const asked = place.model.chats.at(-2)?.body as { tool_choice?: unknown };
    expect(asked.tool_choice).toEqual({ type: 'function', function: { name: 'file_search' } });
    const [step] = await place.steps(run);
    expect(step).toMatchObject({
      step_details: { tool_calls: [{ file_search: { ranking_options: { ranker: 'auto', score_threshold: 0.01 } } }] },
    });
    expect(resultsOf(step)).toHaveLength(1);
  });

  it('a grounded assistant says nothing of what it did not find', async () => {
    const empty = (await place.client.vectorStores.create({})).id;
    const grounded = { file_search: { grounded: true } };
    const lies = 'It is surely bread, as everybody knows.';
    const { threadId, assistant_id } = await begin([search('favorite food'), { text: lies }], grounded, empty);
    const assistant = await place.client.beta.assistants.retrieve(assistant_id);
    expect(assistant.tools).toMatchObject([{ type: 'file_search', file_search: { grounded: true } }]);
    expect((await runs().createAndPoll(threadId, { assistant_id })).status).toBe('completed');
    expect(textOf((await place.messages(threadId)).at(-1))).toBe(REFUSAL);

    const other = await begin(
      [search('favorite planets and moons of old astronomers in Persia'), { text: lies }],
      grounded,
    );
    await runs().createAndPoll(other.threadId, { assistant_id: other.assistant_id });
    expect(textOf((await place.messages(other.threadId)).at(-1))).toBe(REFUSAL);

    place.model.setScript([{ text: lies }]);
    const [streamed] = await runs().stream(threadId, { assistant_id }).finalMessages();
    expect(textOf(streamed)).toBe(REFUSAL);
  });

  it('a grounded assistant that is to answer in JSON refuses apart from the answer', async () => {
    const empty = (await place.client.vectorStores.create({})).id;
    const grounded = { file_search: { grounded: true } };
    const script = [search('favorite food'), { text: '{"food": "bread"}' }];
    const { threadId, assistant_id } = await begin(script, grounded, empty);
    const body = { assistant_id, response_format: { type: 'json_object' as const } };
    const content = [{ type: 'refusal', refusal: REFUSAL }];
    expect((await runs().createAndPoll(threadId, body)).status).toBe('completed');
    expect((await place.messages(threadId)).at(-1)?.content).toEqual(content);
    place.model.setScript(script);
    const [streamed] = await runs().stream(threadId, body).finalMessages();
    expect(streamed?.content).toMatchObject(content);
  });

  it('a grounded assistant answers from what it found', async () => {
    const grounded = { file_search: { grounded: true } };
    const { threadId, assistant_id } = await begin([search('favorite food'), { text: 'Cake [[1]].' }], grounded);
    await runs().createAndPoll(threadId, { assistant_id });
    expect(textOf((await place.messages(threadId)).at(-1))).toBe(`Cake ${TOKEN}.`);
  });
}

interface Found {
  file_id: string;
  file_name: string;
  score: number;
  content?: unknown;
}

function resultsOf(step: { step_details: object } | undefined): Found[] {
  const { tool_calls = [] } = (step?.step_details ?? {}) as { tool_calls?: { file_search?: { results?: Found[] } }[] };
  return tool_calls.flatMap(({ file_search }) => file_search?.results ?? []);
}
