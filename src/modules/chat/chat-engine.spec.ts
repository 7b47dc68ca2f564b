import type { Config } from '@config';
import { Prompts } from '@libs/agent';
import {
  ModelError,
  type CallOptions,
  type ChatDelta,
  type ChatRequest,
  type ModelGateway,
  type ServedModel,
  type TokenCounter,
} from '@libs/llm';
import { finish, ScriptedModel, text, type ScriptStep } from '../../../test/builders/scripted-model.js';
import type { FilesService, WorkspaceFilesService } from '../files/index.js';
import type { ToolsService } from '../tools/index.js';
import { readChatBody } from './chat-body.js';
import { ChatEngine, type ChatEnd } from './chat-engine.js';
import type { ChatTools } from './chat-tools.js';

const SCOPE = { projectId: 'proj_1', userId: 'user_1' } as never;
const ONE_A_CHARACTER = { count: (given: string) => Promise.resolve(given.length) } as TokenCounter;

interface Place {
  contextSize?: number;
  timeoutSeconds?: number;
  /** Of a server of tools that never answers. */
  toolsAreSilent?: boolean;
}

function engineOf({ contextSize, timeoutSeconds = 60, toolsAreSilent = false }: Place): ChatEngine {
  const config = {
    CHAT_TIMEOUT_SECONDS: timeoutSeconds,
    CONTEXT_SIZE: 0,
    MAX_NEW_TOKENS: 100,
    MAX_TOOL_ROUNDS: 3,
    DEFAULT_TEMPERATURE: 1,
  } as Config;
  const info = { id: 'm', created: 0, ownedBy: 'x', ...(contextSize !== undefined && { contextSize }) };
  const models = { settings: () => ({}), listModels: () => Promise.resolve([info]) } as unknown as ModelGateway;
  const bounds = { reactIterations: 1, planSteps: 1, plans: 1, ultraworkIterations: 1 };
  const toolbox = { tools: [], prompt: '', files: new Map(), dataFiles: [], dispose: () => Promise.resolve() };
  return new ChatEngine(
    config,
    models,
    { prompts: new Prompts(), bounds },
    ONE_A_CHARACTER,
    {
      open: () => (toolsAreSilent ? new Promise(() => undefined) : Promise.resolve(toolbox)),
    } as unknown as ToolsService,
    { choose: () => Promise.resolve({ tools: [] }) } as unknown as ChatTools,
    { getMany: () => Promise.resolve([]) } as unknown as FilesService,
    { textSaver: () => () => Promise.reject(new Error('No file is saved.')) } as unknown as WorkspaceFilesService,
  );
}

const CLIENT = { left: new AbortController().signal, traceparent: undefined };

async function answer(
  place: Place,
  fields: object,
  chat: ServedModel['chat'],
): Promise<{ content: string; end: ChatEnd }> {
  const body = readChatBody({ model: 'm', agent_type: 'chat', messages: [{ role: 'user', content: 'Hi' }], ...fields });
  const { deltas } = await engineOf(place).start(SCOPE, { body, server: { chat }, model: 'm' }, CLIENT);
  let content = '';
  for (;;) {
    const step = await deltas.next();
    if (step.done) return { content, end: step.value };
    content += step.value.content ?? '';
  }
}

const scripted = (...turns: ScriptStep[][]): ScriptedModel => new ScriptedModel(turns);

/** Says a word, and then nothing until it is told to stop. */
const endless: ServedModel['chat'] = {
  async *stream(_request: ChatRequest, { signal }: CallOptions = {}): AsyncGenerator<ChatDelta> {
    yield text('So far');
    await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  },
};

describe('a chat completion by an agent', () => {
  it('ends as it is when its time is up', async () => {
    const { content, end } = await answer({ timeoutSeconds: 0.05 }, {}, endless);
    expect({ content, ...end }).toMatchObject({ content: 'So far', reason: 'length', failure: null });
  });

  it('waits for no tools once its client has left', async () => {
    const leaving = new AbortController();
    const body = readChatBody({ model: 'm', agent_type: 'chat', messages: [{ role: 'user', content: 'Hi' }] });
    const call = { body, server: { chat: scripted() }, model: 'm' };
    const client = { left: leaving.signal, traceparent: undefined };
    const { deltas } = await engineOf({ toolsAreSilent: true }).start(SCOPE, call, client);
    const first = expect(deltas.next()).rejects.toThrow('left');
    leaving.abort(new Error('left'));
    await first;
  });

  it('counts what the server does not', async () => {
    const { end } = await answer({}, {}, scripted([text('Hello'), finish('stop')]));
    expect(end.usage).toMatchObject({ promptTokens: 2, completionTokens: 5 });
  });

  it('asks for no more tokens than the context has room for', async () => {
    const model = scripted([text('Hello'), finish('stop')]);
    await answer({ contextSize: 40 }, {}, model);
    expect(model.requests[0]?.maxTokens).toBeLessThan(40);
  });

  it('fails with the status of what the model failed with', async () => {
    const busy = new ModelError('rate_limited', 'Busy.', { status: 429 });
    const failing = scripted([
      () => {
        throw busy;
      },
    ]);
    expect((await answer({}, {}, failing)).end.failure).toMatchObject({ status: 429, message: 'Busy.' });
  });

  it.each<[Place, object, object]>([
    [
      { contextSize: 40 },
      { messages: [{ role: 'user', content: 'x'.repeat(50) }] },
      { code: 'context_length_exceeded' },
    ],
    [{}, { tool_choice: { type: 'allowed_tools' } }, { param: 'tool_choice' }],
    [{}, { messages: [{ role: 'user', content: 5 }] }, { param: 'messages[0].content' }],
    [{}, { n: 2 }, { param: 'n' }],
  ])('of %j is refused: %j', async (place, fields, details) => {
    await expect(answer(place, fields, scripted())).rejects.toMatchObject({ kind: 'rejected', details });
  });
});
