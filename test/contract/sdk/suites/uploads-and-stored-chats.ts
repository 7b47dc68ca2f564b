import { createHash } from 'node:crypto';
import { toFile } from 'openai';
import type { ContractPlace } from '../contract-place.js';

const PARTS = ['{"a":1}\n', '{"b":2}\n'];
const WHOLE = PARTS.join('');

/** Files that come in parts, and chat completions that are kept. */
export function describeUploadsAndStoredChats(place: ContractPlace): void {
  const begin = (): ReturnType<typeof place.client.uploads.create> =>
    place.client.uploads.create({
      filename: 'batch.jsonl',
      purpose: 'batch',
      bytes: WHOLE.length,
      mime_type: 'application/jsonl',
    });

  it('a file comes in parts, the last one first, and is whole in the end', async () => {
    const { uploads, files } = place.client;
    const upload = await begin();
    expect(upload).toMatchObject({ object: 'upload', status: 'pending', bytes: WHOLE.length, purpose: 'batch' });
    expect(upload.expires_at - upload.created_at).toBe(3600);
    const partIds: string[] = [];
    for (const text of [...PARTS].reverse()) {
      const part = await uploads.parts.create(upload.id, { data: await toFile(Buffer.from(text), 'part') });
      expect(part).toMatchObject({ object: 'upload.part', upload_id: upload.id });
      partIds.unshift(part.id);
    }
    const md5 = createHash('md5').update(WHOLE).digest('hex');
    const completed = await uploads.complete(upload.id, { part_ids: partIds, md5 });
    expect(completed).toMatchObject({ id: upload.id, status: 'completed', file: { filename: 'batch.jsonl' } });
    expect(await (await files.content(completed.file?.id ?? '')).text()).toBe(WHOLE);
  });

  it('an upload that is cancelled takes nothing more', async () => {
    const { uploads } = place.client;
    const { id } = await begin();
    expect(await uploads.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    const late = uploads.parts.create(id, { data: await toFile(Buffer.from('x'), 'part') });
    await expect(late).rejects.toThrow(place.sdk.errors.BadRequestError);
  });

  it('a chat completion is kept, found, changed and deleted', async () => {
    const { completions } = place.client.chat;
    const messages = [{ role: 'user' as const, content: 'Keep this.' }];
    const kept = await completions.create({ model: place.model.model, messages, store: true, metadata: { a: 'b' } });
    const { id } = kept;
    expect(await completions.retrieve(id)).toMatchObject({ id, choices: kept.choices, metadata: { a: 'b' } });
    expect((await completions.list({ metadata: { a: 'b' } })).data.map((each) => each.id)).toEqual([id]);
    expect((await completions.messages.list(id)).data).toMatchObject([{ role: 'user', content: 'Keep this.' }]);
    expect(await completions.update(id, { metadata: { c: 'd' } })).toMatchObject({ id, metadata: { c: 'd' } });
    expect(await completions.delete(id)).toMatchObject({ id, object: 'chat.completion.deleted', deleted: true });
    await expect(completions.retrieve(id)).rejects.toThrow(place.sdk.errors.NotFoundError);
  });
}
