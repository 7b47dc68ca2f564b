import { createModelGateway, DEMO_MODEL_ID, type ChatRequest, type FunctionDefinition } from '@libs/llm';
import { ModelServerProcess, type ProfileName, type ScriptedTurn } from '../../fakes/model-server/index.js';
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

const PROFILES = ['vllm', 'ollama', 'llamacpp'] as const;

let models: ModelServerProcess;
beforeAll(async () => {
  models = await ModelServerProcess.start(PROFILES);
});
afterAll(() => models.kill());

async function connectTo(profile: ProfileName, ollamaApi: 'native' | 'openai' = 'openai'): Promise<ChatModelHarness> {
  const server = models.serverOf(profile);
  const gateway = createModelGateway({
    backend: profile,
    hosts: { [profile]: server.url },
    ollamaApi,
    timeoutMs: 5000,
    maxRetries: 0,
  });
  const chat = (await gateway.resolve(server.model)).chat;
  const prepare = async (turn: ScriptedTurn): Promise<string> => {
    await server.setScript([turn]);
    return server.model;
  };
  return {
    chat,
    textTurn: async () => ask(await prepare({ text: 'One two three four five.', repeat: true, delayMs: 2 }), 'Count.'),
    toolTurn: async () =>
      ask(
        await prepare({
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
    stop: () => gateway.close(),
  };
}

async function startDemo(): Promise<ChatModelHarness> {
  const gateway = createModelGateway({ backend: 'auto', hosts: {}, timeoutMs: 1000, maxRetries: 0 });
  return {
    chat: (await gateway.resolve(DEMO_MODEL_ID)).chat,
    textTurn: () => Promise.resolve(ask(DEMO_MODEL_ID, 'Hello there.')),
    toolTurn: () =>
      Promise.resolve(ask(DEMO_MODEL_ID, 'The weather and the time in Paris, please.', { tools: [WEATHER, CLOCK] })),
    unknownModelTurn: () => ask('nowhere/none', 'Hello?'),
    stop: () => gateway.close(),
  };
}

for (const profile of PROFILES) {
  describeChatModelContract(`the OpenAI-compatible client on ${profile}`, () => connectTo(profile));
}
describeChatModelContract("Ollama's own interface", () => connectTo('ollama', 'native'));
describeChatModelContract('the demo model', startDemo);
