import type OpenAI from 'openai';
import { eventually } from '../../../support/eventually.js';
import { textOf, type ContractPlace, type Run } from '../contract-place.js';

type RunParams = OpenAI.Beta.Threads.Runs.RunCreateParamsNonStreaming;

const LONG_ANSWER = { text: 'word '.repeat(400), delayMs: 25 };
const USAGE = { promptTokens: 30, completionTokens: 12, cachedTokens: 4 };

/** Runs that are polled: how they end, and what of the request reaches them. */
export function describeRuns(place: ContractPlace): void {
  const runs = (): typeof place.client.beta.threads.runs => place.client.beta.threads.runs;

  describe('a run that ends well', () => {
    it('is created and polled until its message is there', async () => {
      place.model.setScript([{ text: 'An answer.', usage: USAGE }]);
      const { threadId, assistant_id } = await place.assistantAndThread({ instructions: 'Be brief.' });
      const run = await runs().createAndPoll(threadId, { assistant_id, additional_instructions: 'And kind.' });
      expect(run).toMatchObject({
        object: 'thread.run',
        status: 'completed',
        expires_at: null,
        last_error: null,
        required_action: null,
        incomplete_details: null,
        instructions: 'Be brief.\n\nAnd kind.',
        usage: {
          prompt_tokens: 30,
          completion_tokens: 12,
          total_tokens: 42,
          prompt_token_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      });
      const messages = await place.messages(threadId);
      expect(messages.map(textOf)).toEqual(['Hello.', 'An answer.']);
      expect(messages[1]).toMatchObject({ role: 'assistant', status: 'completed', run_id: run.id, assistant_id });
      expect(await place.steps(run)).toMatchObject([
        {
          type: 'message_creation',
          status: 'completed',
          step_details: { message_creation: { message_id: messages[1]?.id } },
        },
      ]);
    });

    it('is created together with its thread', async () => {
      place.model.setScript([{ text: 'Done.' }, { text: 'Done.' }]);
      const { assistant_id } = await place.assistantAndThread();
      const body = { assistant_id, thread: { messages: [{ role: 'user' as const, content: 'Do it.' }] } };
      const polled = await place.client.beta.threads.createAndRunPoll(body);
      expect(polled.status).toBe('completed');
      expect((await place.messages(polled.thread_id)).map(textOf)).toEqual(['Do it.', 'Done.']);
      const queued = await place.client.beta.threads.createAndRun(body);
      expect(queued).toMatchObject({ status: 'queued', started_at: null, usage: null });
      expect((queued.expires_at ?? 0) - queued.created_at).toBe(600);
      expect((await runs().poll(queued.id, { thread_id: queued.thread_id })).status).toBe('completed');
    });

    it('keeps every field of the request', async () => {
      const { threadId, assistant_id } = await place.assistantAndThread({ instructions: 'Of the assistant.' });
      const fields: Omit<RunParams, 'assistant_id'> = {
        model: place.model.model,
        instructions: 'Of the run.',
        metadata: { a: 'b' },
        temperature: 0.3,
        top_p: 0.8,
        max_prompt_tokens: 5000,
        max_completion_tokens: 500,
        truncation_strategy: { type: 'last_messages', last_messages: 3 },
        tool_choice: 'none',
        parallel_tool_calls: false,
        response_format: { type: 'text' },
        tools: [{ type: 'code_interpreter' }],
        reasoning_effort: 'high',
      };
      const run = await runs().createAndPoll(threadId, { assistant_id, ...fields });
      expect(run).toMatchObject({ ...fields, status: 'completed', assistant_id, thread_id: threadId });
      expect(lastRequest()).toMatchObject({ temperature: 0.3, top_p: 0.8, model: place.model.model });
      const changed = await runs().update(run.id, { thread_id: threadId, metadata: { c: 'd' } });
      expect(changed).toEqual({ ...run, metadata: { c: 'd' } });
      expect(await runs().retrieve(run.id, { thread_id: threadId })).toEqual(changed);
    });

    it('reads the messages that come with it, and no more of the thread than it is told', async () => {
      const { threadId, assistant_id } = await place.assistantAndThread();
      await runs().createAndPoll(threadId, {
        assistant_id,
        additional_messages: ['second', 'third'].map((content) => ({ role: 'user' as const, content })),
        truncation_strategy: { type: 'last_messages', last_messages: 2 },
      });
      expect(lastRequest().messages.map(({ content }) => content)).toEqual(['second', 'third']);
      expect((await place.messages(threadId)).slice(0, 3).map(textOf)).toEqual(['Hello.', 'second', 'third']);
    });

    it('answers in the form of a schema, after one repair', async () => {
      const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
      const response_format = { type: 'json_schema' as const, json_schema: { name: 'answer', schema, strict: true } };
      place.model.setScript([{ text: 'It is four.' }, { text: '{"n": 4}' }]);
      const { threadId, assistant_id } = await place.assistantAndThread();
      const run = await runs().createAndPoll(threadId, { assistant_id, response_format });
      expect(run).toMatchObject({ status: 'completed', response_format });
      expect(textOf((await place.messages(threadId)).at(-1))).toBe('{"n": 4}');
      expect(lastRequest().response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'answer' } });
    });

    it.each([
      ['required', 'required'],
      [
        { type: 'function', function: { name: 'look' } },
        { type: 'function', function: { name: 'look' } },
      ],
    ] as const)('asks the model for the tool that is chosen: %j', async (tool_choice, asked) => {
      const tools = [{ type: 'function' as const, function: { name: 'look' } }];
      const { threadId, assistant_id } = await place.assistantAndThread({ tools });
      const run = await runs().createAndPoll(threadId, { assistant_id, tool_choice });
      expect(run.tool_choice).toEqual(tool_choice);
      expect(lastRequest().tool_choice).toEqual(asked);
    });
  });

  describe('a run that ends otherwise', () => {
    it('is incomplete when its tokens are spent', async () => {
      place.model.setScript([
        { text: 'Half an', finishReason: 'length', usage: { promptTokens: 9, completionTokens: 256 } },
      ]);
      const { threadId, assistant_id } = await place.assistantAndThread();
      const run = await runs().createAndPoll(threadId, { assistant_id, max_completion_tokens: 256 });
      expect(run).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_completion_tokens' } });
      expect((await place.messages(threadId)).at(-1)).toMatchObject({
        status: 'incomplete',
        incomplete_details: { reason: 'max_tokens' },
      });
      expect(lastRequest().max_completion_tokens ?? lastRequest().max_tokens).toBe(256);
    });

    it('fails when the model server does', async () => {
      const error = { status: 500, message: 'out of memory' };
      place.model.setScript([{ error, repeat: true }]);
      const { threadId, assistant_id } = await place.assistantAndThread();
      const run = await runs().createAndPoll(threadId, { assistant_id });
      expect(run).toMatchObject({ status: 'failed', last_error: { code: 'server_error' }, expires_at: null });
      expect(run.failed_at).toBeGreaterThanOrEqual(run.created_at);
    });

    it('says that the model server takes no more', async () => {
      place.model.setScript([{ error: { status: 429, headers: { 'retry-after': '0' } }, repeat: true }]);
      const { threadId, assistant_id } = await place.assistantAndThread();
      const run = await runs().createAndPoll(threadId, { assistant_id });
      expect(run).toMatchObject({ status: 'failed', last_error: { code: 'rate_limit_exceeded' } });
    });

    it('is cancelled while the model speaks', async () => {
      const { run, threadId } = await speakingRun();
      const cancelling = await runs().cancel(run.id, { thread_id: threadId });
      expect(cancelling.status).toBe('cancelling');
      const cancelled = await runs().poll(run.id, { thread_id: threadId });
      expect(cancelled).toMatchObject({ status: 'cancelled', expires_at: null });
      expect(cancelled.cancelled_at).toBeGreaterThanOrEqual(run.created_at);
      expect((await place.messages(threadId)).at(-1)?.incomplete_details).toEqual({ reason: 'run_cancelled' });
      expect(await place.steps(run)).toMatchObject([{ status: 'cancelled' }]);
      await eventually(() => expect(place.model.chats.at(-1)?.closedEarly).toBe(true));
      await expect(runs().cancel(run.id, { thread_id: threadId })).rejects.toThrow(
        "Cannot cancel run with status 'cancelled'.",
      );
    });

    it('holds its thread until it has ended', async () => {
      const { run, threadId } = await speakingRun();
      const { assistant_id } = run;
      const { messages } = place.client.beta.threads;
      await expect(messages.create(threadId, { role: 'user', content: 'More.' })).rejects.toThrow(
        `Can't add messages to ${threadId} while a run ${run.id} is active.`,
      );
      await expect(runs().create(threadId, { assistant_id })).rejects.toThrow(
        `Thread ${threadId} already has an active run ${run.id}.`,
      );
      await runs().cancel(run.id, { thread_id: threadId });
      await runs().poll(run.id, { thread_id: threadId });
      await messages.create(threadId, { role: 'user', content: 'More.' });
    });
  });

  async function speakingRun(): Promise<{ run: Run; threadId: string }> {
    place.model.setScript([LONG_ANSWER]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await runs().create(threadId, { assistant_id });
    await eventually(async () => expect(await place.steps(run)).toHaveLength(1));
    return { run, threadId };
  }

  function lastRequest(): ModelRequest {
    return place.model.chats.at(-1)?.body as ModelRequest;
  }
}

type ModelRequest = Pick<
  OpenAI.ChatCompletionCreateParams,
  | 'messages'
  | 'temperature'
  | 'top_p'
  | 'model'
  | 'tool_choice'
  | 'response_format'
  | 'max_tokens'
  | 'max_completion_tokens'
>;
