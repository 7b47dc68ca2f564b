import type { ScriptedTurn } from '../../../fakes/model-server/index.js';
import { textOf, type ContractPlace, type Run } from '../contract-place.js';

const TOOLS = ['weather', 'time'].map((name) => ({ type: 'function' as const, function: { name } }));
const BOTH: ScriptedTurn = {
  toolCalls: [
    { name: 'weather', arguments: { place: 'Bern' } },
    { name: 'time', arguments: { zone: 'Europe/Zurich' } },
  ],
};

export interface Output {
  tool_call_id: string;
  output: string;
}

/** Functions of the client: two calls of one turn, and the three ways to submit their outputs. */
export function describeFunctionTools(place: ContractPlace): void {
  const runs = (): typeof place.client.beta.threads.runs => place.client.beta.threads.runs;
  const calls = (run: Run): { id: string; function: { name: string; arguments: string } }[] =>
    run.required_action?.submit_tool_outputs.tool_calls ?? [];
  const outputs = (run: Run): Output[] =>
    calls(run).map(({ id, function: { name } }) => ({ tool_call_id: id, output: `${name} is fine` }));

  async function waitingRun(): Promise<Run> {
    place.model.setScript([BOTH, { text: 'Sunny at noon.' }]);
    const { threadId, assistant_id } = await place.assistantAndThread({ tools: TOOLS });
    return runs().createAndPoll(threadId, { assistant_id });
  }

  it('a run waits for the outputs of both calls', async () => {
    const run = await waitingRun();
    expect(run).toMatchObject({ status: 'requires_action', usage: null });
    expect(calls(run)).toMatchObject([
      { type: 'function', function: { name: 'weather', arguments: '{"place":"Bern"}' } },
      { type: 'function', function: { name: 'time', arguments: '{"zone":"Europe/Zurich"}' } },
    ]);
    expect(await place.steps(run)).toMatchObject([
      {
        type: 'tool_calls',
        status: 'in_progress',
        usage: null,
        step_details: { tool_calls: [{ function: { output: null } }, { function: { output: null } }] },
      },
    ]);
    await runs().cancel(run.id, { thread_id: run.thread_id });
    const cancelled = await runs().poll(run.id, { thread_id: run.thread_id });
    expect(cancelled).toMatchObject({ status: 'cancelled', required_action: null });
    expect(await place.steps(run)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('goes on with the outputs, polled', async () => {
    const run = await waitingRun();
    const body = { thread_id: run.thread_id, tool_outputs: outputs(run) };
    const done = await runs().submitToolOutputsAndPoll(run.id, body);
    expect(done).toMatchObject({ status: 'completed', required_action: null });
    expect(done.usage?.total_tokens).toBe(38);
    const steps = await place.steps(run);
    expect(steps).toMatchObject([
      {
        status: 'completed',
        step_details: {
          tool_calls: [{ function: { output: 'weather is fine' } }, { function: { output: 'time is fine' } }],
        },
      },
      { status: 'completed', type: 'message_creation' },
    ]);
    const asked = place.model.chats.at(-1)?.body as { messages: { role: string; content: unknown }[] };
    expect(asked.messages.slice(-3)).toMatchObject([
      { role: 'assistant', tool_calls: [{ function: { name: 'weather' } }, { function: { name: 'time' } }] },
      { role: 'tool', content: 'weather is fine' },
      { role: 'tool', content: 'time is fine' },
    ]);
  });

  it('goes on with the outputs, plainly submitted', async () => {
    const run = await waitingRun();
    const body = { thread_id: run.thread_id, tool_outputs: outputs(run) };
    const queued = await runs().submitToolOutputs(run.id, body);
    expect(queued).toMatchObject({ status: 'queued', required_action: null, expires_at: run.expires_at });
    expect((await runs().poll(run.id, { thread_id: run.thread_id })).status).toBe('completed');
    await expect(runs().submitToolOutputs(run.id, body)).rejects.toThrow(
      'Runs in status "completed" do not accept tool outputs.',
    );
  });

  it('goes on with the outputs, streamed', async () => {
    const run = await waitingRun();
    const stream = runs().submitToolOutputsStream(run.id, { thread_id: run.thread_id, tool_outputs: outputs(run) });
    const finished: string[] = [];
    stream.on('runStepDone', ({ type }) => finished.push(type));
    expect((await stream.finalMessages()).map(textOf)).toEqual(['Sunny at noon.']);
    expect((await stream.finalRun()).status).toBe('completed');
    expect(finished).toEqual(['tool_calls', 'message_creation']);
  });

  it('takes all outputs or none', async () => {
    const run = await waitingRun();
    const [first, second] = outputs(run);
    const wrong = [[], [first], [first, first], [first, { tool_call_id: 'call_x', output: '' }]];
    for (const tool_outputs of wrong) {
      const body = { thread_id: run.thread_id, tool_outputs: tool_outputs.flatMap((output) => output ?? []) };
      await expect(runs().submitToolOutputs(run.id, body)).rejects.toMatchObject({ status: 400 });
    }
    const body = {
      thread_id: run.thread_id,
      tool_outputs: [{ tool_call_id: second?.tool_call_id ?? '' }, first ?? {}],
    };
    expect((await runs().submitToolOutputsAndPoll(run.id, body)).status).toBe('completed');
  });

  it('shows both calls in the stream, one after the other', async () => {
    place.model.setScript([BOTH]);
    const { threadId, assistant_id } = await place.assistantAndThread({ tools: TOOLS });
    const seen: string[] = [];
    const stream = runs()
      .stream(threadId, { assistant_id })
      .on('toolCallCreated', (call) => seen.push(`created ${call.type === 'function' ? call.function.name : ''}`))
      .on('toolCallDone', (call) => seen.push(`done ${call.type === 'function' ? call.function.arguments : ''}`));
    const run = await stream.finalRun();
    expect(run.status).toBe('requires_action');
    expect(seen).toEqual(['created weather', 'done {"place":"Bern"}', 'created time', 'done {"zone":"Europe/Zurich"}']);
    await runs().cancel(run.id, { thread_id: threadId });
  });
}
