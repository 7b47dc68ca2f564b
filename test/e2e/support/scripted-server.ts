import type { OpenAI } from 'openai';
import { ImitationModelServer, ModelServerProcess, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { startServer, type ServerOptions, type TestServer } from '../../support/server.js';

/** A server whose model says what the test wrote down, with one user and an assistant of theirs. */
export interface ScriptedServer {
  server: TestServer;
  models: ImitationModelServer;
  token: string;
  client: OpenAI;
  assistantId: string;
  /** A fresh thread with one message of the user. */
  newThread(text?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startScriptedServer(options: ServerOptions = {}): Promise<ScriptedServer> {
  const models = await new ImitationModelServer().start();
  const env = { VLLM_HOST: models.url, ...options.env };
  const server = await startServer({ ...options, env }).catch(async (error: unknown) => {
    await models.stop();
    throw error;
  });
  const token = await server.signUp('scripted');
  const client = server.openaiFor(token, { maxRetries: 0 });
  const { id: assistantId } = await client.beta.assistants.create({
    model: models.model,
    tools: [{ type: 'code_interpreter' }],
  });
  const scripted: ScriptedServer = {
    server,
    models,
    token,
    client,
    assistantId,
    newThread: async (text = 'Say something.') =>
      (await client.beta.threads.create({ messages: [{ role: 'user', content: text }] })).id,
    stop: async () => {
      await server.stop();
      await scripted.models.stop();
    },
  };
  return scripted;
}

/** Puts a process, which may be killed, in the place of the model server as long as the work takes. */
export async function withModelProcess(
  scripted: ScriptedServer,
  work: (models: ModelServerProcess) => Promise<void>,
): Promise<void> {
  const port = Number(new URL(scripted.models.url).port);
  await scripted.models.stop();
  const models = await ModelServerProcess.start(['vllm'], [port]);
  try {
    await work(models);
  } finally {
    await models.kill();
    scripted.models = await new ImitationModelServer({ port }).start();
  }
}

/** A turn that runs Python. */
export function pythonTurn(code: string, more: Partial<ScriptedTurn> = {}): ScriptedTurn {
  return { toolCalls: [{ name: 'code_interpreter', arguments: { code } }], ...more };
}

/** A text that takes so long that a test can do something meanwhile. */
export function slowTurn(words: number, delayMs: number): ScriptedTurn {
  return { text: Array.from({ length: words }, (_, index) => `word${index} `).join(''), delayMs };
}
