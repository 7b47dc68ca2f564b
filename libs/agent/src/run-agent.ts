import { assertNever, publicMessage } from '@libs/kernel';
import { ModelError } from '@libs/llm';
import type { AgentInput } from './agent-input.js';
import type { AgentEvent, AgentOutcome } from './events.js';
import { AgentSession, BudgetSpent } from './loop/agent-session.js';
import { chooseStrategy } from './strategies/choose-strategy.js';
import { withReport } from './strategies/report.js';
import { AgentTrace } from './tracing/agent-trace.js';
import { NO_USAGE } from './usage.js';

/** Runs the conversation to its end. Never throws: what goes wrong is the outcome of `finished`. */
export async function* runAgent(input: AgentInput, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  const trace = AgentTrace.of(input);
  // What it is where the caller leaves before the end.
  let outcome: AgentOutcome = { type: 'aborted' };
  let session: AgentSession | undefined;
  try {
    session = new AgentSession(trace?.traced ?? input, signal);
    const events = chooseStrategy(input.agent)(session);
    const report = input.protocol === 'tags' ? input.report : undefined;
    outcome = yield* report ? withReport(session, report, events) : events;
  } catch (error) {
    outcome = signal.aborted ? { type: 'aborted' } : toOutcome(error);
  } finally {
    trace?.end(outcome);
  }
  yield { type: 'finished', outcome, usage: session?.takeUsage() ?? NO_USAGE };
}

function toOutcome(error: unknown): AgentOutcome {
  if (error instanceof BudgetSpent) return { type: 'incomplete', reason: error.reason };
  if (!(error instanceof ModelError)) {
    return { type: 'failed', code: 'server_error', message: publicMessage(error), cause: error };
  }
  switch (error.kind) {
    case 'rate_limited':
      return { type: 'failed', code: 'rate_limit_exceeded', message: error.message };
    case 'rejected':
      return { type: 'failed', code: 'invalid_prompt', message: error.message };
    case 'unavailable':
    case 'timeout':
    case 'model_not_found':
    case 'failed':
    case 'aborted':
      return { type: 'failed', code: 'server_error', message: error.message };
    default:
      return assertNever(error.kind);
  }
}
