import { loadConfig } from '@config';
import type { ChatModel, ModelGateway } from '@libs/llm';
import { ModelQueryExpander } from './query-expander.js';
import { QueryModel } from './query-model.js';

const inputs: string[] = [];

function expander(reply: string | Error, environment: Record<string, string> = {}): ModelQueryExpander {
  const chat: ChatModel = {
    async *stream({ messages }) {
      const content = messages.at(-1)?.content;
      inputs.push(typeof content === 'string' ? content : '');
      if (reply instanceof Error) throw reply;
      yield { type: 'text', text: reply };
    },
  };
  const gateway = { resolve: async () => ({ chat }) } as unknown as ModelGateway;
  const config = loadConfig(environment);
  return new ModelQueryExpander(config, new QueryModel(config, gateway));
}

const MODEL = { RAG_QUERY_MODEL: 'small' };
const VARIED = { ...MODEL, RAG_USE_MULTI_QUERY: 'true', RAG_MULTI_QUERY_COUNT: '2' };

beforeEach(() => (inputs.length = 0));

describe('rewriting', () => {
  it.each<[string, string | Error, Record<string, string>, string[]]>([
    ['comes before what was asked', 'late tax fee', MODEL, ['late tax fee', 'What about being late?']],
    ['does not show thoughts', '<think>Hm.</think>\nlate fee', MODEL, ['late fee', 'What about being late?']],
    ['needs a model', 'late tax fee', {}, ['What about being late?']],
    ['does without a model that fails', new Error('down'), MODEL, ['What about being late?']],
    ['does without an empty reply', ' ', MODEL, ['What about being late?']],
  ])('%s', async (_, reply, environment, expected) => {
    expect(await expander(reply, environment).rewrite(['What about being late?'])).toEqual(expected);
  });

  it('stops where the search does', async () => {
    const reason = new Error('enough');
    const search = expander(reason, MODEL).rewrite(['a'], AbortSignal.abort(reason));
    await expect(search).rejects.toBe(reason);
  });
});

describe('variants', () => {
  it.each<[string, string | Error, Record<string, string>, string[]]>([
    ['follow the question, as many as are wanted', '1. b\n2. c\n3. d', VARIED, ['a', 'b', 'c']],
    ['are not thought of unless the server is set to', 'b', MODEL, ['a']],
    ['need a model', 'b', { RAG_USE_MULTI_QUERY: 'true' }, ['a']],
    ['are done without where the model fails', new Error('down'), VARIED, ['a']],
  ])('%s', async (_, reply, environment, expected) => {
    expect(await expander(reply, environment).vary(['a'])).toEqual(expected);
  });

  it('are asked of the question as it is', async () => {
    await expander('b', VARIED).vary(['a']);
    expect(inputs).toEqual(['Variants wanted: 2\nQuestion: a']);
  });
});
