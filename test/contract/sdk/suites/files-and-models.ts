import { toFile } from 'openai';
import type { ContractPlace } from '../contract-place.js';

/** Files, uploads in parts, models and chat completions. */
export function describeFilesAndModels(place: ContractPlace): void {
  it('a file is uploaded, found processed, listed by its purpose, read and deleted', async () => {
    const { files } = place.client;
    const content = Buffer.from('Grüße, ein Text.\n');
    const uploaded = await files.create({ file: await toFile(content, 'größe.txt'), purpose: 'user_data' });
    expect(uploaded).toMatchObject({
      object: 'file',
      bytes: content.length,
      filename: 'größe.txt',
      purpose: 'user_data',
      status: 'processed',
    });
    expect(await files.waitForProcessing(uploaded.id)).toEqual(uploaded);
    const listed: string[] = [];
    for await (const { id } of files.list({ purpose: 'user_data', limit: 1 })) listed.push(id);
    expect(listed).toEqual([uploaded.id]);
    const answer = await files.content(uploaded.id);
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
    expect(await files.delete(uploaded.id)).toEqual({ id: uploaded.id, object: 'file', deleted: true });
    await expect(files.retrieve(uploaded.id)).rejects.toThrow(place.sdk.errors.NotFoundError);
  });

  it.each(['assistants', 'batch', 'fine-tune', 'vision', 'evals'] as const)('takes the purpose %s', async (purpose) => {
    const file = await toFile(Buffer.from('{}'), 'a.jsonl');
    expect(await place.client.files.create({ file, purpose })).toMatchObject({ purpose });
  });

  it('refuses a purpose in the words of the wire', async () => {
    const file = await toFile(Buffer.from('x'), 'x.txt');
    const body = { file, purpose: 'world_domination' as 'assistants' };
    await expect(place.client.files.create(body)).rejects.toMatchObject({
      status: 400,
      error: {
        message:
          "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
        param: 'purpose',
      },
    });
  });

  it('models are listed and found, and none can be deleted', async () => {
    const { models } = place.client;
    const listed: string[] = [];
    for await (const { id } of models.list()) listed.push(id);
    expect(listed).toEqual([place.model.model]);
    expect(await models.retrieve(place.model.model)).toMatchObject({ id: place.model.model, object: 'model' });
    await expect(models.delete(place.model.model)).rejects.toThrow(place.sdk.errors.PermissionDeniedError);
  });

  it('a chat completion comes whole and as a stream', async () => {
    const { completions } = place.client.chat;
    const request = { model: place.model.model, messages: [{ role: 'user' as const, content: 'Hi.' }] };
    place.model.setScript([{ text: 'Hello there.' }, { text: 'Hello there.' }]);
    const whole = await completions.create(request);
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello there.' } });
    let text = '';
    for await (const chunk of await completions.create({ ...request, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('Hello there.');
  });
}
