import type { Client } from '../sdks.js';
import type { ContractPlace } from '../contract-place.js';

const MANY = 250;
const AT_ONCE = 25;

/** Lists of 250 objects, as the client's own iteration walks through them. */
export function describePagination(place: ContractPlace): void {
  let client: Client;
  let threadId: string;
  /** Newest first. */
  let messageIds: string[];
  let assistantIds: string[];

  beforeAll(async () => {
    client = place.open(await place.server.signUp('lister'));
    const messages = Array.from({ length: MANY }, (_, index) => ({ role: 'user' as const, content: `m${index}` }));
    threadId = (await client.beta.threads.create({ messages })).id;
    const made: string[] = [];
    while (made.length < MANY) {
      const batch = Array.from({ length: AT_ONCE }, () => client.beta.assistants.create({ model: 'm' }));
      made.push(...(await Promise.all(batch)).map(({ id }) => id));
    }
    assistantIds = await idsOf(client.beta.assistants.list({ limit: 100 }));
    messageIds = await idsOf(client.beta.threads.messages.list(threadId, { limit: 100 }));
    expect([...assistantIds].sort()).toEqual(made.sort());
  });

  it('walks through every message once, in both orders', async () => {
    const texts: string[] = [];
    for await (const { content } of client.beta.threads.messages.list(threadId, { order: 'asc', limit: 60 })) {
      texts.push(content[0]?.type === 'text' ? content[0].text.value : '');
    }
    expect(texts).toEqual(Array.from({ length: MANY }, (_, index) => `m${index}`));
    const ascending = await idsOf(client.beta.threads.messages.list(threadId, { order: 'asc', limit: 60 }));
    expect(messageIds).toEqual(ascending.reverse());
  });

  it('gives 20 objects of the newest unless it is asked for another number', async () => {
    expect((await client.beta.assistants.list()).data.map(({ id }) => id)).toEqual(assistantIds.slice(0, 20));
    expect(await bodyOf(client.beta.assistants.list())).toMatchObject({
      has_more: true,
      first_id: assistantIds[0],
      last_id: assistantIds[19],
    });
  });

  it.each([
    ['after', { after: 100, limit: 10 }, [101, 111]],
    ['before', { before: 100, limit: 10 }, [90, 100]],
    ['after and before', { after: 100, before: 105, limit: 10 }, [101, 105]],
    ['the last page', { after: 244, limit: 10 }, [245, 250]],
    ['behind the end', { after: 249, limit: 10 }, [250, 250]],
  ] as const)('cuts the list by %s', async (_what, query, [from, to]) => {
    const { after, before } = { after: undefined, before: undefined, ...query };
    const page = await client.beta.threads.messages.list(threadId, {
      limit: query.limit,
      ...(after === undefined ? {} : { after: messageIds[after] ?? '' }),
      ...(before === undefined ? {} : { before: messageIds[before] ?? '' }),
    });
    expect(page.data.map(({ id }) => id)).toEqual(messageIds.slice(from, to));
  });

  it('says where a list ends', async () => {
    const last = client.beta.threads.messages.list(threadId, { after: messageIds[248] ?? '' });
    expect(await bodyOf(last)).toMatchObject({ has_more: false, first_id: messageIds[249], last_id: messageIds[249] });
    const empty = client.beta.threads.messages.list(threadId, { after: messageIds[249] ?? '' });
    expect(await bodyOf(empty)).toMatchObject({ data: [], has_more: false, first_id: null, last_id: null });
  });

  it('goes on while what it gave is being deleted', async () => {
    const deleted: string[] = [];
    for await (const { id } of client.beta.assistants.list({ limit: 60 })) {
      await client.beta.assistants.delete(id);
      deleted.push(id);
    }
    expect(deleted).toEqual(assistantIds);
    expect((await client.beta.assistants.list()).data).toEqual([]);
  });

  it('lists the messages of one run, the runs of a thread, and the steps of a run', async () => {
    const { threadId: ownThread, assistant_id } = await place.assistantAndThread();
    const { runs, messages } = place.client.beta.threads;
    place.model.setScript([{ text: 'First.' }, { text: 'Second.' }]);
    const first = await runs.createAndPoll(ownThread, { assistant_id });
    const second = await runs.createAndPoll(ownThread, { assistant_id });
    expect(await idsOf(runs.list(ownThread, { limit: 1 }))).toEqual([second.id, first.id]);
    const ofFirst = await messages.list(ownThread, { run_id: first.id });
    expect(ofFirst.data).toMatchObject([{ run_id: first.id, assistant_id }]);
    const path = { thread_id: ownThread, run_id: second.id };
    const [step] = await place.steps(second);
    expect(await runs.steps.retrieve(step?.id ?? '', path)).toEqual(step);
  });
}

/** The page as it came: the clients' own pages leave the ids out. */
async function bodyOf(list: { asResponse(): Promise<Response> }): Promise<unknown> {
  return (await list.asResponse()).json();
}

async function idsOf(list: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}
