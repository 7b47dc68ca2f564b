import { ModelError, type ChatDelta, type ChatModel, type ChatRequest } from '@libs/llm';

/** One implementation of ChatModel under the contract. */
export interface ChatModelHarness {
  chat: ChatModel;
  /** Prepares an answer of several words without tool calls, and gives the request that gets it. */
  textTurn(): Promise<ChatRequest>;
  /** Prepares an answer with two tool calls, and gives the request that gets it. */
  toolTurn(): Promise<ChatRequest>;
  /** Absent where every model name is served. */
  unknownModelTurn?(): ChatRequest;
  stop(): Promise<void>;
}

export async function collect(deltas: AsyncIterable<ChatDelta>): Promise<ChatDelta[]> {
  const all: ChatDelta[] = [];
  for await (const delta of deltas) all.push(delta);
  return all;
}

export function textOf(deltas: readonly ChatDelta[]): string {
  return deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
}

/** The error that reading the deltas ends with; fails the test where there is none. */
export async function failureOf(deltas: AsyncIterable<ChatDelta>): Promise<ModelError> {
  try {
    await collect(deltas);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return error as ModelError;
  }
  throw new Error('The model call succeeded.');
}

/** What every ChatModel holds. */
export function describeChatModelContract(title: string, start: () => Promise<ChatModelHarness>): void {
  describe(`ChatModel contract: ${title}`, () => {
    let harness: ChatModelHarness;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness.stop());

    it('streams a text in pieces, one finish, and the usage after it', async () => {
      const deltas = await collect(harness.chat.stream(await harness.textTurn()));
      const types = deltas.map(({ type }) => type);
      expect(types.filter((type) => type === 'text').length).toBeGreaterThan(2);
      expect(types.slice(-2)).toEqual(['finish', 'usage']);
      expect(types.filter((type) => type === 'finish')).toHaveLength(1);
      expect(deltas.at(-2)).toEqual({ type: 'finish', reason: 'stop' });
      expect(deltas.at(-1)).toMatchObject({
        usage: { promptTokens: expect.any(Number) as number, completionTokens: expect.any(Number) as number },
      });
    });

    it('starts each tool call before its arguments, which are whole JSON objects', async () => {
      const deltas = await collect(harness.chat.stream(await harness.toolTurn()));
      const calls: { id: string; arguments: string }[] = [];
      for (const delta of deltas) {
        if (delta.type === 'tool-call-start') {
          expect(delta.index).toBe(calls.length);
          expect(delta.name).not.toBe('');
          calls.push({ id: delta.id, arguments: '' });
        }
        if (delta.type === 'tool-call-arguments') {
          const call = calls[delta.index];
          if (call === undefined) throw new Error('Arguments of a call that has not begun.');
          call.arguments += delta.fragment;
        }
      }
      expect(calls).toHaveLength(2);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
      for (const call of calls) {
        expect(call.id).not.toBe('');
        expect(JSON.parse(call.arguments)).toEqual(expect.any(Object));
      }
      expect(deltas.find(({ type }) => type === 'finish')).toEqual({ type: 'finish', reason: 'tool_calls' });
    });

    it('says that it was aborted when the signal was so from the start', async () => {
      const failure = await failureOf(harness.chat.stream(await harness.textTurn(), { signal: AbortSignal.abort() }));
      expect(failure.kind).toBe('aborted');
    });

    it('yields nothing more after an abort midway', async () => {
      const controller = new AbortController();
      const seen: ChatDelta[] = [];
      const request = await harness.textTurn();
      const read = async (): Promise<void> => {
        for await (const delta of harness.chat.stream(request, { signal: controller.signal })) {
          seen.push(delta);
          controller.abort();
        }
      };
      await expect(read()).rejects.toMatchObject({ name: 'ModelError', kind: 'aborted' });
      expect(seen.map(({ type }) => type)).not.toContain('finish');
    });

    it('goes on with a conversation in which a call was broken', async () => {
      const asked = await harness.textTurn();
      const broken = {
        id: 'call_1',
        type: 'function' as const,
        function: { name: 'f', arguments: '{"a": "He said "no""' },
      };
      const messages: ChatRequest['messages'] = [
        ...asked.messages,
        { role: 'assistant', content: null, tool_calls: [broken] },
        { role: 'tool', tool_call_id: 'call_1', content: 'These arguments are no JSON.' },
        ...asked.messages,
      ];
      expect(textOf(await collect(harness.chat.stream({ ...asked, messages })))).not.toBe('');
    });

    it('may be left early, and serves again', async () => {
      for await (const delta of harness.chat.stream(await harness.textTurn())) {
        expect(delta.type).toBe('text');
        break;
      }
      expect(textOf(await collect(harness.chat.stream(await harness.textTurn())))).not.toBe('');
    });

    it('names a model that is not there', async () => {
      const request = harness.unknownModelTurn?.();
      if (request === undefined) return;
      expect((await failureOf(harness.chat.stream(request))).kind).toBe('model_not_found');
    });
  });
}
