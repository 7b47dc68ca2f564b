import { createModelGateway, DEMO_MODEL_ID, type ChatRequest, type FunctionDefinition } from '@libs/llm';
import { ImitationModelServer, type ProfileName, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { describeChatModelContract, type ChatModelHarness } from './chat-model.contract.js';

const WEATHER: FunctionDefinition = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const CLOCK: FunctionDefinition = {
  name: 'get_time',
  parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
};

function ask(model: string, content: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { model, messages: [{ role: 'user', content }], ...more };
}

async function startHttp(profile: ProfileName, ollamaApi: 'native' | 'openai' = 'openai'): Promise<ChatModelHarness> {
  const server = await new ImitationModelServer({ profile }).start();
  const gateway = createModelGateway({
    backend: profile,
    hosts: { [profile]: server.url },
    ollamaApi,
    timeoutMs: 5000,
    maxRetries: 0,
  });
  const chat = (await gateway.resolve(server.model)).chat;
  const prepare = (turn: ScriptedTurn): string => {
    server.setScript([turn]);
    return server.model;
  };
  return {
    chat,
    textTurn: () => ask(prepare({ text: 'One two three four five.', repeat: true, delayMs: 2 }), 'Count.'),
    toolTurn: () =>
      ask(
        prepare({
          text: 'I look it up.',
          toolCalls: [
            { name: 'get_weather', arguments: { city: 'København, {"quoted"}' } },
            { name: 'get_time', arguments: {} },
          ],
        }),
        'Weather and time?',
        { tools: [WEATHER, CLOCK] },
      ),
    ...(profile !== 'llamacpp' && { unknownModelTurn: () => ask('nowhere/none', 'Hello?') }),
    stop: async () => {
      await gateway.close();
      await server.stop();
    },
  };
}

async function startDemo(): Promise<ChatModelHarness> {
  const gateway = createModelGateway({ backend: 'auto', hosts: {}, timeoutMs: 1000, maxRetries: 0 });
  return {
    chat: (await gateway.resolve(DEMO_MODEL_ID)).chat,
    textTurn: () => ask(DEMO_MODEL_ID, 'Hello there.'),
    toolTurn: () => ask(DEMO_MODEL_ID, 'The weather and the time in Paris, please.', { tools: [WEATHER, CLOCK] }),
    unknownModelTurn: () => ask('nowhere/none', 'Hello?'),
    stop: () => gateway.close(),
  };
}

for (const profile of ['vllm', 'ollama', 'llamacpp'] as const) {
  describeChatModelContract(`the OpenAI-compatible client on ${profile}`, () => startHttp(profile));
}
describeChatModelContract("Ollama's own interface", () => startHttp('ollama', 'native'));
describeChatModelContract('the demo model', startDemo);
