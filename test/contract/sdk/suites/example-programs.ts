import { textOf, type ContractPlace } from '../contract-place.js';

/**
 * The same calls in the same order as the three programs that the SDK's repository shows for assistants
 * (examples/assistants: plain, streamed and raw).
 */
export function describeExamplePrograms(place: ContractPlace): void {
  const QUESTION = '"I need to solve the equation `3x + 11 = 14`. Can you help me?"';
  const ANSWER = 'Of course, Jane: x is 1.';

  async function ask(): Promise<{ threadId: string; assistant_id: string }> {
    place.model.setScript([{ text: ANSWER }]);
    const { assistants, threads } = place.client.beta;
    const assistant = await assistants.create({
      model: place.model.model,
      name: 'Math Tutor',
      instructions: 'You are a personal math tutor. Write and run code to answer math questions.',
    });
    const thread = await threads.create({ messages: [{ role: 'user', content: QUESTION }] });
    return { threadId: thread.id, assistant_id: assistant.id };
  }
  const additional_instructions = 'Please address the user as Jane Doe. The user has a premium account.';

  it('plain', async () => {
    const { threadId, assistant_id } = await ask();
    const { runs, messages } = place.client.beta.threads;
    const run = await runs.createAndPoll(threadId, { assistant_id, additional_instructions });
    expect(run.status).toBe('completed');
    const texts: string[] = [];
    for await (const message of messages.list(threadId)) texts.push(textOf(message));
    expect(texts).toEqual([ANSWER, QUESTION]);
  });

  it('streamed', async () => {
    const { threadId, assistant_id } = await ask();
    const printed: string[] = [];
    const run = place.client.beta.threads.runs
      .stream(threadId, { assistant_id, additional_instructions })
      .on('event', ({ event }) => printed.push(event))
      .on('textDelta', (_delta, { value }) => printed.push(value))
      .on('messageDone', (message) => printed.push(textOf(message)));
    expect((await run.finalRun()).status).toBe('completed');
    expect(printed).toContain(ANSWER);
    expect(printed.at(-1)).toBe('thread.run.completed');
  });

  it('raw', async () => {
    const { threadId, assistant_id } = await ask();
    const stream = await place.client.beta.threads.runs.create(threadId, {
      assistant_id,
      additional_instructions,
      stream: true,
    });
    let text = '';
    for await (const event of stream) {
      if (event.event !== 'thread.message.delta') continue;
      const part = event.data.delta.content?.[0];
      if (part?.type === 'text') text += part.text?.value ?? '';
    }
    expect(text).toBe(ANSWER);
  });
}
