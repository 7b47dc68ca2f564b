import { toFile, type OpenAI } from 'openai';

const TEXTS: [string, string][] = [
  ['ships.txt', 'Ships sail the sea. A harbour is where ships rest. The captain decides where the ship goes.'],
  ['taxes.txt', 'Taxes are due in spring. A late tax costs a fee of five per cent.'],
];

/** A tenant's store of documents that another tenant has, too. */
export interface EqualStore {
  client: OpenAI;
  storeId: string;
  fileIds: string[];
}

/** @param owner the value of an attribute that all files have */
export async function makeEqualStore(client: OpenAI, owner: string): Promise<EqualStore> {
  const fileIds = await Promise.all(
    TEXTS.map(async ([name, text]) => {
      const file = await toFile(Buffer.from(text), name);
      return (await client.files.create({ file, purpose: 'assistants' })).id;
    }),
  );
  const { id: storeId } = await client.vectorStores.create({});
  const files = fileIds.map((file_id) => ({ file_id, attributes: { owner } }));
  const batch = await client.vectorStores.fileBatches.create(storeId, { files });
  await client.vectorStores.fileBatches.poll(storeId, batch.id, { pollIntervalMs: 50 });
  return { client, storeId, fileIds };
}

/** What the tenant sees of its store, without ids and times. */
export async function sightOf({ client, storeId }: EqualStore): Promise<unknown> {
  const store = await client.vectorStores.retrieve(storeId);
  const searches = ['late tax on ships', 'captain', 'nothing of the kind'].map(async (query) => {
    const { data } = await client.vectorStores.search(storeId, { query });
    return data.map(({ filename, score, content }) => ({ filename, score, content }));
  });
  return { counts: store.file_counts, bytes: store.usage_bytes, found: await Promise.all(searches) };
}

/**
 * How often, of all pairs of one call of each kind, the first kind took longer: 0.5 where they take the same. The calls
 * alternate, so that both meet the same load.
 */
export async function shareOfLonger(
  calls: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let call = 0; call < 2 * calls; call += 1) {
    // Neither kind is always the one that follows the other.
    const kind = (call + Math.floor(call / 2)) % 2 === 0 ? 0 : 1;
    const startedAt = performance.now();
    await (kind === 0 ? one() : other());
    times[kind].push(performance.now() - startedAt);
  }
  const longer = times[0].flatMap((first) => times[1].map((second) => (first > second ? 1 : 0) as number));
  return longer.reduce((sum, each) => sum + each, 0) / longer.length;
}
