import type { ClientToolCall, ToolKind, ToolOutput } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { TokenUsage } from '@libs/llm';
import type { WireRunStepDelta } from '@libs/openai-wire';
import type { RunChange } from './run-change.js';
import { toWireOutput, toWireSearch } from './run-step.mapper.js';
import { rankingOf } from './search-ranking.js';
import type { RunRecord, RunStepRecord, StepSearch, StepToolCall } from './runs.types.js';

type CallDelta = NonNullable<
  Extract<WireRunStepDelta['delta']['step_details'], { type: 'tool_calls' }>['tool_calls']
>[number];

/** A step while a run does it. Its calls come one after the other, each id once (openai-wire.md section 5.3). */
export class StepDraft {
  private record: RunStepRecord;
  private readonly calls: StepToolCall[] = [];

  constructor(
    private readonly run: RunRecord,
    messageId: string | null,
    private readonly context: { newId(kind: 'step'): string; now(): Date },
  ) {
    this.record = {
      id: context.newId('step'),
      projectId: run.projectId,
      createdAt: context.now(),
      threadId: run.threadId,
      runId: run.id,
      assistantId: run.assistantId,
      type: messageId === null ? 'tool_calls' : 'message_creation',
      status: 'in_progress',
      messageId,
      toolCalls: [],
      lastError: null,
      expiredAt: null,
      cancelledAt: null,
      failedAt: null,
      completedAt: null,
      metadata: {},
      usage: null,
    };
  }

  start(): RunChange[] {
    return [
      { event: 'thread.run.step.created', step: this.record },
      { event: 'thread.run.step.in_progress', step: this.record },
    ];
  }

  addCall({ id, name, kind }: { id: string; name: string; kind: ToolKind }): RunChange {
    const search = kind === 'file_search' ? { search: { ranking: rankingOf(this.run.tools), results: [] } } : {};
    this.calls.push({ id, kind, name, input: '', outputs: [], arguments: '', result: null, ...search });
    return this.delta(openingDelta(this.calls.length - 1, { id, name, kind, ...search }));
  }

  /** What a search looks for is not shown (openai-wire.md section 5.2, scenario c). */
  addInput(index: number, fragment: string): RunChange[] {
    const call = this.call(index);
    if (call.kind === 'file_search') return [];
    call.input += fragment;
    return [this.delta(inputDelta(index, call.kind, fragment))];
  }

  /** Logs that follow logs grow the same output; an image is one of its own. Only code shows outputs while it runs. */
  addOutput(index: number, output: ToolOutput): RunChange[] {
    const { kind, outputs, search } = this.call(index);
    if (output.type === 'search') {
      search?.results.push(...output.results);
      return [];
    }
    if (kind !== 'code_interpreter') return [];
    const last = outputs.at(-1);
    if (output.type === 'logs' && last?.type === 'logs') last.logs += output.logs;
    else outputs.push({ ...output });
    const wire = { index: outputs.length - 1, ...toWireOutput(output) };
    return [this.delta({ index, type: kind, code_interpreter: { outputs: [wire] } })];
  }

  /** The wire shows the result of a function only; what the others show of theirs has been told. */
  completeCall(index: number, modelArguments: string, result: string): RunChange[] {
    const call = this.call(index);
    call.arguments = modelArguments;
    call.result = result;
    return call.kind === 'function' ? [this.delta({ index, type: call.kind, function: { output: result } })] : [];
  }

  /** Keeps the calls for the time until the client submits their outputs. No event: the step stays in progress. */
  awaitOutputs(calls: ClientToolCall[], usage: TokenUsage): RunChange {
    for (const { id, arguments: modelArguments } of calls) {
      const call = this.calls.find((candidate) => candidate.id === id);
      if (call) call.arguments = modelArguments;
    }
    this.record = { ...this.record, toolCalls: this.calls, usage };
    return { event: null, step: this.record };
  }

  close(
    status: 'completed' | 'failed' | 'cancelled' | 'expired',
    fields: Partial<Pick<RunStepRecord, 'usage' | 'lastError'>>,
  ): RunChange {
    this.record = { ...this.record, ...fields, ...endTime(status, this.context.now()), toolCalls: this.calls, status };
    return { event: `thread.run.step.${status}`, step: this.record };
  }

  private call(index: number): StepToolCall {
    const call = this.calls[index];
    if (!call) throw new Error(`No tool call ${index} is open.`);
    return call;
  }

  private delta(call: CallDelta): RunChange {
    return {
      event: 'thread.run.step.delta',
      id: this.record.id,
      delta: { step_details: { type: 'tool_calls', tool_calls: [call] } },
    };
  }
}

/** The time field that goes with the way a step ended. */
export function endTime(
  status: 'completed' | 'failed' | 'cancelled' | 'expired',
  now: Date,
): Partial<Pick<RunStepRecord, 'completedAt' | 'failedAt' | 'cancelledAt' | 'expiredAt'>> {
  switch (status) {
    case 'completed':
      return { completedAt: now };
    case 'failed':
      return { failedAt: now };
    case 'cancelled':
      return { cancelledAt: now };
    case 'expired':
      return { expiredAt: now };
    default:
      return assertNever(status);
  }
}

interface OpenedCall {
  id: string;
  name: string;
  kind: ToolKind;
  search?: StepSearch;
}

function openingDelta(index: number, { id, name, kind, search }: OpenedCall): CallDelta {
  switch (kind) {
    case 'code_interpreter':
      return { index, id, type: kind, code_interpreter: { input: '', outputs: [] } };
    case 'file_search':
      return { index, id, type: kind, file_search: search ? toWireSearch(search, false) : {} };
    case 'function':
      return { index, id, type: kind, function: { name, arguments: '', output: null } };
    default:
      return assertNever(kind);
  }
}

function inputDelta(index: number, kind: Exclude<ToolKind, 'file_search'>, fragment: string): CallDelta {
  switch (kind) {
    case 'code_interpreter':
      return { index, type: kind, code_interpreter: { input: fragment } };
    case 'function':
      return { index, type: kind, function: { arguments: fragment } };
    default:
      return assertNever(kind);
  }
}
