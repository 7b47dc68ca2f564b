import { eventually } from '../../../support/eventually.js';
import type { ContractPlace } from '../contract-place.js';

/** Refusals reach a program as the classes that it catches. */
export function describeErrors(place: ContractPlace): void {
  it('a credential that is none', async () => {
    const stranger = place.open('sk-nobody');
    const refusal = stranger.beta.threads.retrieve('thread_x');
    await expect(refusal).rejects.toThrow(place.sdk.errors.AuthenticationError);
    await expect(refusal).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
    });
  });

  it('an object that is not there', async () => {
    const refusal = place.client.beta.threads.runs.retrieve('run_x', { thread_id: 'thread_x' });
    await expect(refusal).rejects.toThrow(place.sdk.errors.NotFoundError);
    await expect(refusal).rejects.toMatchObject({
      status: 404,
      type: 'invalid_request_error',
      code: null,
      param: null,
    });
  });

  it('a file and a model that are not there, in their own words', async () => {
    await expect(place.client.files.retrieve('file-x')).rejects.toMatchObject({
      status: 404,
      param: 'id',
      error: { message: 'No such File object: file-x' },
    });
    await expect(place.client.models.retrieve('no-model')).rejects.toMatchObject({
      status: 404,
      param: 'model',
      code: 'model_not_found',
      error: { message: "The model 'no-model' does not exist" },
    });
  });

  it('a request that is wrong, with its place and a request id', async () => {
    const refusal = place.client.beta.assistants.create({ model: 'm', temperature: 3 });
    await expect(refusal).rejects.toThrow(place.sdk.errors.BadRequestError);
    await expect(refusal).rejects.toMatchObject({ status: 400, param: 'temperature', code: 'decimal_above_max_value' });
    const error: unknown = await refusal.catch((reason: unknown) => reason);
    const { requestID, request_id } = error as { requestID?: string; request_id?: string };
    expect(requestID ?? request_id).toMatch(/^req_/);
  });

  it('a model server that is away', async () => {
    place.model.setScript([{ error: { status: 500 }, repeat: true }]);
    const messages = [{ role: 'user' as const, content: 'Hi.' }];
    const refusal = place.client.chat.completions.create({ model: place.model.model, messages });
    await expect(refusal).rejects.toThrow(place.sdk.errors.InternalServerError);
  });

  it('a request that is given up', async () => {
    place.model.setScript([{ text: 'late', delayMs: 5_000 }]);
    const giveUp = new AbortController();
    const before = place.model.chats.length;
    const refusal = place.client.chat.completions.create(
      { model: place.model.model, messages: [{ role: 'user', content: 'Hi.' }] },
      { signal: giveUp.signal },
    );
    await eventually(() => expect(place.model.chats.length).toBe(before + 1));
    giveUp.abort();
    await expect(refusal).rejects.toThrow(place.sdk.errors.APIUserAbortError);
    await eventually(() => expect(place.model.chats.at(-1)?.closedEarly).toBe(true));
  });
}
