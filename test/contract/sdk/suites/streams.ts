import { eventually } from '../../../support/eventually.js';
import { textOf, type ContractPlace } from '../contract-place.js';

/** The client's own stream of a run: its events, its final objects, and what it makes of an end that is none. */
export function describeStreams(place: ContractPlace): void {
  const runs = (): typeof place.client.beta.threads.runs => place.client.beta.threads.runs;

  it('tells the text as it grows, and the final objects', async () => {
    place.model.setScript([{ text: 'The answer is, as ever, 42.', usage: { promptTokens: 8, completionTokens: 9 } }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const seen: string[] = [];
    let text = '';
    const stream = runs()
      .stream(threadId, { assistant_id })
      .on('messageCreated', () => seen.push('messageCreated'))
      .on('textCreated', () => seen.push('textCreated'))
      .on('textDelta', ({ value }, { value: snapshot }) => {
        text += value ?? '';
        expect(snapshot).toBe(text);
      })
      .on('textDone', ({ value }) => seen.push(`textDone ${value}`))
      .on('messageDone', () => seen.push('messageDone'))
      .on('runStepCreated', ({ type }) => seen.push(`runStepCreated ${type}`))
      .on('runStepDone', ({ status }) => seen.push(`runStepDone ${status}`))
      .on('end', () => seen.push('end'));
    await stream.done();
    expect(text).toBe('The answer is, as ever, 42.');
    expect(seen).toEqual([
      'runStepCreated message_creation',
      'messageCreated',
      'textCreated',
      'textDone The answer is, as ever, 42.',
      'messageDone',
      'runStepDone completed',
      'end',
    ]);
    const [message] = await stream.finalMessages();
    const kept = (await place.messages(threadId)).at(-1);
    expect({ id: message?.id, text: textOf(message) }).toEqual({ id: kept?.id, text: textOf(kept) });
    const run = await stream.finalRun();
    expect(run).toEqual(await runs().retrieve(run.id, { thread_id: threadId }));
    expect(run).toMatchObject({ status: 'completed', usage: { prompt_tokens: 8, completion_tokens: 9 } });
    expect(await stream.finalRunSteps()).toMatchObject([{ type: 'message_creation', status: 'completed' }]);
  });

  it('begins with the thread where it makes one', async () => {
    const { assistant_id } = await place.assistantAndThread();
    const body = { assistant_id, thread: { messages: [{ role: 'user' as const, content: 'Hi.' }] } };
    const names: string[] = [];
    const stream = place.client.beta.threads.createAndRunStream(body).on('event', ({ event }) => names.push(event));
    expect((await stream.finalRun()).status).toBe('completed');
    expect(names.slice(0, 3)).toEqual(['thread.created', 'thread.run.created', 'thread.run.queued']);
  });

  it('is iterated as plain events, too', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const names: string[] = [];
    for await (const { event } of await runs().create(threadId, { assistant_id, stream: true })) names.push(event);
    expect(names.at(0)).toBe('thread.run.created');
    expect(names.at(-1)).toBe('thread.run.completed');
  });

  it('tells of a run that failed', async () => {
    place.model.setScript([{ error: { status: 500 }, repeat: true }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await runs().stream(threadId, { assistant_id }).finalRun();
    expect(run).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
  });

  it('tells of a run that is incomplete', async () => {
    place.model.setScript([{ text: 'Half', finishReason: 'length' }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const final = runs().stream(threadId, { assistant_id }).finalRun();
    if (place.sdk.knowsIncompleteStreams) expect((await final).status).toBe('incomplete');
    else await expect(final).rejects.toThrow('Final run has not been received');
    expect((await runs().list(threadId)).data[0]?.status).toBe('incomplete');
  });

  it('tells of a text that a filter of the model server stopped', async () => {
    place.model.setScript([{ text: 'Half', finishReason: 'content_filter' }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const final = runs().stream(threadId, { assistant_id }).finalRun();
    if (place.sdk.knowsIncompleteStreams) expect((await final).status).toBe('incomplete');
    else await expect(final).rejects.toThrow('Final run has not been received');
    expect((await place.messages(threadId)).at(-1)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
  });

  it('raises an error where its thread is deleted before the end', async () => {
    place.model.setScript([{ text: 'word '.repeat(300), delayMs: 25 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const stream = runs().stream(threadId, { assistant_id });
    stream.once('textDelta', () => void place.client.beta.threads.delete(threadId));
    await expect(stream.done()).rejects.toThrow(place.sdk.errors.APIError);
    await expect(stream.done()).rejects.toThrow(/^No (run|thread) found/);
    await eventually(() => expect(place.model.chats.at(-1)?.closedEarly).toBe(true));
  });

  it('tells of a cancel by somebody else', async () => {
    place.model.setScript([{ text: 'word '.repeat(300), delayMs: 25 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const stream = runs().stream(threadId, { assistant_id });
    stream.once('textDelta', () => {
      const { id } = stream.currentRun() ?? { id: '' };
      void runs().cancel(id, { thread_id: threadId });
    });
    expect((await stream.finalRun()).status).toBe('cancelled');
  });

  it('may be given up, and the run goes on', async () => {
    place.model.setScript([{ text: 'one two three four five six seven eight', delayMs: 40 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const stream = runs().stream(threadId, { assistant_id });
    stream.once('textDelta', () => stream.abort());
    await expect(stream.done()).rejects.toThrow(/aborted/);
    await eventually(async () => expect((await runs().list(threadId)).data[0]?.status).toBe('completed'));
    expect(textOf((await place.messages(threadId)).at(-1))).toBe('one two three four five six seven eight');
  });
}
