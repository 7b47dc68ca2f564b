import { isTerminal, RUN_STATUSES } from '../../../src/modules/runs/run-state.js';
import { ImitationModelServer, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { startServer, type ServerOptions, type TestServer } from '../../support/server.js';
import { race } from './race.js';
import { Wire } from './wire.js';

export interface RacedRun {
  threadId: string;
  runId: string;
}

export const SPOKEN = 'one two three four five six seven eight';
export const REPORTED = 'It is sunny.';

/** By the last message: a text, a function's call, the same once more, an answer to its output, a text that takes long. */
const SCRIPT: ScriptedTurn[] = [
  { match: 'speak', text: SPOKEN, delayMs: 5, repeat: true },
  { match: 'call', toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }], repeat: true },
  { match: 'sunny', text: REPORTED, delayMs: 5, repeat: true },
  { match: 'drag on', text: SPOKEN, delayMs: 400, repeat: true },
];

/** A server with runs that race, whose model says what their message asks for. */
export class RacePlace {
  private typical: Promise<number> | undefined;

  private constructor(
    readonly server: TestServer,
    readonly models: ImitationModelServer,
    readonly wire: Wire,
    readonly assistantId: string,
  ) {}

  static async start(options: ServerOptions): Promise<RacePlace> {
    const models = await new ImitationModelServer({ script: SCRIPT }).start();
    // A line for each of some 20,000 requests would cost more than it tells.
    const quiet = { LOG_LEVEL: 'warn' };
    const env = {
      VLLM_HOST: models.url,
      RUN_REAP_INTERVAL_SECONDS: '1',
      RUN_CONCURRENCY: '32',
      ...quiet,
      ...options.env,
    };
    const server = await startServer({ ...options, env }).catch(async (error: unknown) => {
      await models.stop();
      throw error;
    });
    const wire = new Wire(server.baseUrl, await server.signUp('racer'));
    const assistantId = await wire.create('/assistants', {
      model: models.model,
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }],
    });
    return new RacePlace(server, models, wire, assistantId);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.models.stop();
  }

  /** A run on a thread of its own. */
  async begin(text: string, metadata: Record<string, string> = {}): Promise<RacedRun> {
    const thread = { messages: [{ role: 'user', content: text }] };
    const answer = await this.wire.post('/threads/runs', { assistant_id: this.assistantId, thread, metadata });
    const { id, thread_id } = answer.body;
    if (answer.status !== 200 || id === undefined) throw new Error(`No run: ${JSON.stringify(answer)}`);
    return { threadId: String(thread_id), runId: id };
  }

  path({ threadId, runId }: RacedRun): string {
    return `/threads/${threadId}/runs/${runId}`;
  }

  cancel(run: RacedRun): ReturnType<Wire['post']> {
    return this.wire.post(`${this.path(run)}/cancel`);
  }

  /** Answers every call that the run waits for. */
  async submit(run: RacedRun, output = 'sunny'): ReturnType<Wire['post']> {
    const { body } = await this.wire.get(this.path(run));
    const action = body.required_action as { submit_tool_outputs: { tool_calls: { id: string }[] } } | null;
    const calls = action?.submit_tool_outputs.tool_calls ?? [];
    return this.submitFor(
      run,
      calls.map(({ id }) => id),
      output,
    );
  }

  submitFor(run: RacedRun, callIds: string[], output = 'sunny'): ReturnType<Wire['post']> {
    const outputs = callIds.map((tool_call_id) => ({ tool_call_id, output }));
    return this.wire.post(`${this.path(run)}/submit_tool_outputs`, { tool_outputs: outputs });
  }

  /** The status at which the run stays: its end, or the wait for its client. Throws where its stream does not end. */
  async untilEnd(run: RacedRun): Promise<string> {
    const last = (await this.wire.history(run.threadId, run.runId)).at(-1)?.event;
    const told = RUN_STATUSES.find((status) => last === `thread.run.${status}`);
    if (told !== undefined && (told === 'requires_action' || isTerminal(told))) return told;
    return String((await this.wire.get(this.path(run))).body.status);
  }

  /** Milliseconds that a run that speaks takes to its end while many others run: the median of some, measured once. */
  typicalDuration(): Promise<number> {
    this.typical ??= this.measureDuration();
    return this.typical;
  }

  private async measureDuration(): Promise<number> {
    const durations = await race(48, async () => {
      const run = await this.begin('speak');
      const startedAt = performance.now();
      await this.untilEnd(run);
      return performance.now() - startedAt;
    });
    // The first half warms the server.
    return durations.slice(24).sort((left, right) => left - right)[12] ?? 0;
  }
}
