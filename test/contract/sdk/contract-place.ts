import type OpenAI from 'openai';
import type { ClientOptions } from 'openai';
import { ImitationModelServer } from '../../fakes/model-server/index.js';
import { startServer, type ServerOptions, type TestServer } from '../../support/server.js';
import type { Client, Sdk } from './sdks.js';
import { ValidatingFetch } from './wire/validating-fetch.js';

export type Assistant = OpenAI.Beta.Assistant;
export type AssistantParams = OpenAI.Beta.AssistantCreateParams;
export type Message = OpenAI.Beta.Threads.Message;
export type Run = OpenAI.Beta.Threads.Run;
export type RunStep = OpenAI.Beta.Threads.Runs.RunStep;

/** A server of its own on an imitation of vLLM, and a client whose every answer is validated. */
export class ContractPlace {
  readonly validating = new ValidatingFetch();
  readonly model = new ImitationModelServer({ profile: 'vllm' });
  server: TestServer;
  client: Client;

  constructor(readonly sdk: Sdk) {}

  async start(options: ServerOptions = {}): Promise<void> {
    await this.model.start();
    // One retry shows that there are some; more would only take time.
    const env = { VLLM_HOST: this.model.url, MODEL_MAX_RETRIES: '1', LOG_LEVEL: 'error', ...options.env };
    this.server = await startServer({ ...options, env });
    this.client = this.open(await this.server.signUp('contractor'));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    await this.model.stop();
  }

  open(apiKey: string, options: ClientOptions = {}): Client {
    const baseURL = `${this.server.baseUrl}/v1`;
    return this.sdk.open({ apiKey, baseURL, fetch: this.validating.fetch, maxRetries: 0, ...options });
  }

  /** An assistant on the imitation's model, and an empty thread. */
  async assistantAndThread(more: Partial<AssistantParams> = {}): Promise<{ assistant_id: string; threadId: string }> {
    const assistant = await this.client.beta.assistants.create({ model: this.model.model, ...more });
    const thread = await this.client.beta.threads.create({ messages: [{ role: 'user', content: 'Hello.' }] });
    return { assistant_id: assistant.id, threadId: thread.id };
  }

  async messages(threadId: string): Promise<Message[]> {
    return (await this.client.beta.threads.messages.list(threadId, { order: 'asc' })).data;
  }

  /** Oldest first. */
  async steps(run: Run): Promise<RunStep[]> {
    const list = await this.client.beta.threads.runs.steps.list(run.id, { thread_id: run.thread_id, order: 'asc' });
    return list.data;
  }
}

/** What programs without an SDK send to be let in. */
export function plainHeaders(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'openai-beta': 'assistants=v2' };
}

const START_PATIENCE_MS = 120_000;

/** Starts a place before the suite's tests and ends it after them; after each test no answer may have been wrong. */
export function useContractPlace(
  sdk: Sdk,
  makeOptions: () => Promise<ServerOptions> = async () => ({}),
): ContractPlace {
  const place = new ContractPlace(sdk);
  beforeAll(async () => place.start(await makeOptions()), START_PATIENCE_MS);
  beforeEach(() => place.model.setScript([]));
  afterEach(async () => expect(await place.validating.takeProblems()).toEqual([]));
  afterAll(() => place.stop());
  return place;
}

export function textOf(message: Message | undefined): string {
  return (message?.content ?? []).map((part) => (part.type === 'text' ? part.text.value : '')).join('');
}
