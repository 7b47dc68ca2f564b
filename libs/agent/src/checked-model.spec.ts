import { describe, expect, it } from '@jest/globals';
import type { ChatDelta, ChatModel, ChatRequest } from '@libs/llm';
import { BUILT_IN_PROMPTS } from './prompts.js';
import { CheckedModel } from './checked-model.js';

const REQUEST: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'JSON, please' }] };

function scripted(...turns: string[]): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    requests,
    async *stream(request) {
      requests.push(request);
      await Promise.resolve();
      for (const character of turns[requests.length - 1] ?? '') yield { type: 'text', text: character };
      yield { type: 'finish', reason: 'stop' };
    },
  };
}

async function collect(model: ChatModel): Promise<ChatDelta[]> {
  const deltas: ChatDelta[] = [];
  for await (const delta of model.stream(REQUEST)) deltas.push(delta);
  return deltas;
}

const check = (text: string): string | null => (text === '{}' ? null : 'It is not {}.');

describe('CheckedModel', () => {
  it('shows a right answer whole', async () => {
    expect(await collect(new CheckedModel(scripted('{}'), check, BUILT_IN_PROMPTS))).toEqual([
      { type: 'text', text: '{}' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('asks once more for a wrong one', async () => {
    const model = scripted('Sure! {}', '{}');
    expect(await collect(new CheckedModel(model, check, BUILT_IN_PROMPTS))).toEqual([
      { type: 'text', text: '{}' },
      { type: 'finish', reason: 'stop' },
    ]);
    expect(model.requests[1]?.messages.slice(1)).toEqual([
      { role: 'assistant', content: 'Sure! {}' },
      { role: 'user', content: expect.stringContaining('It is not {}.') as unknown as string },
    ]);
  });

  it('fails when the second answer is wrong, too', async () => {
    const model = scripted('no', 'no again', '{}');
    await expect(collect(new CheckedModel(model, check, BUILT_IN_PROMPTS))).rejects.toMatchObject({ kind: 'failed' });
    expect(model.requests).toHaveLength(2);
  });

  it('lets turns with tool calls pass', async () => {
    const turn: ChatDelta[] = [
      { type: 'text', text: 'I will look.' },
      { type: 'tool-call-start', index: 0, id: 'call_1', name: 'look' },
      { type: 'finish', reason: 'tool_calls' },
    ];
    const model: ChatModel = {
      async *stream() {
        await Promise.resolve();
        yield* turn;
      },
    };
    expect(await collect(new CheckedModel(model, check, BUILT_IN_PROMPTS))).toHaveLength(3);
  });
});
