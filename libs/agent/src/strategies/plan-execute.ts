import type { ChatMessage } from '@libs/llm';
import type { AgentEvent, AgentOutcome } from '../events.js';
import type { AgentSession } from '../loop/agent-session.js';
import { converse } from '../loop/converse.js';
import { tellsOf } from '../protocols/protocol.js';
import { isSystem, lastUserText, withSystemText } from '../system-text.js';
import type { Tool } from '../tool.js';
import { askHidden } from './ask-hidden.js';
import { boundsOf } from './bounds.js';
import {
  describeResults,
  readPlan,
  readSynthesis,
  type Plan,
  type PlanStep,
  type StepResult,
  type Synthesis,
} from './plan.js';
import { promptedMessages, protocolOf, standard } from './standard.js';
import type { Strategy } from './strategy.js';
import { tellAnswer } from './tell-answer.js';

const PLANNING_TRIES = 2;

/** The model makes a plan, carries it out step by step, and answers from the results; it plans anew while they do not do. */
export const planExecute: Strategy = async function* (session) {
  return yield* new PlanExecution(session).run();
};

class PlanExecution {
  private readonly results: StepResult[] = [];
  private readonly query: string;
  /** What a step may name: of others the model would not hear when it carries the step out. */
  private readonly tools: readonly Tool[];

  constructor(private readonly session: AgentSession) {
    const { input } = session;
    this.query = lastUserText(input.messages);
    this.tools = input.tools.filter(({ definition }) => tellsOf(protocolOf(input), definition.name));
  }

  async *run(): AsyncGenerator<AgentEvent, AgentOutcome> {
    const { plans } = boundsOf(this.session.input);
    let reason = '';
    for (let count = 1; ; count += 1) {
      const plan = yield* this.makePlan(reason);
      if (plan === null && this.results.length === 0) return yield* standard(this.session);
      const outcome = plan && (yield* this.carryOut(plan));
      if (outcome) return outcome;
      const synthesis = readSynthesis(yield* this.synthesize(plan?.goal ?? ''));
      if (synthesis.isFinished || plan === null || count >= plans) {
        return yield* this.tell(synthesis);
      }
      reason = synthesis.missing;
    }
  }

  /** Null where the model makes none that can be used. */
  private async *makePlan(reason: string): AsyncGenerator<AgentEvent, Plan | null> {
    const { input, prompts } = this.session;
    const { planSteps } = boundsOf(input);
    const tools = this.tools.map(({ definition }) => `- ${definition.name}: ${definition.description ?? ''}`);
    const system = prompts.fill('plan-system', { tools: tools.join('\n') || '(none)', max_steps: planSteps });
    const results = describeResults(this.results);
    const next = prompts.fill('plan-continue', { query: this.query, results, reason: reason || '(not said)' });
    const more: ChatMessage[] = this.results.length === 0 ? [] : [{ role: 'user', content: next }];
    const messages = [...withSystemText(input.messages, system), ...more];
    for (let attempt = 1; attempt <= PLANNING_TRIES; attempt += 1) {
      const answer = yield* askHidden(this.session, messages);
      const plan = readPlan(answer, planSteps);
      if (typeof plan !== 'string') return plan;
      const again = prompts.fill('plan-retry', { problem: plan });
      messages.push({ role: 'assistant', content: answer || '(nothing)' }, { role: 'user', content: again });
    }
    return null;
  }

  /** Null where all steps are done; a step that fails ends the plan, so that a new one can do without it. */
  private async *carryOut(plan: Plan): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    for (const step of plan.steps) {
      const outcome = yield* this.takeStep(plan, step);
      if (outcome) return outcome;
      if (this.results.at(-1)?.hasFailed) return null;
    }
    return null;
  }

  private async *takeStep(plan: Plan, step: PlanStep): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    const { input, prompts } = this.session;
    const { description } = step;
    const tool = this.tools.find(({ definition }) => definition.name === step.tool);
    if (step.tool !== null && !tool) {
      this.results.push({ description, result: `There is no tool "${step.tool}".`, hasFailed: true });
      return null;
    }
    const task = prompts.fill('plan-step', {
      step: this.results.length + 1,
      goal: plan.goal || this.query,
      description,
      expected: step.expected || '(not said)',
      previous: describeResults(this.results),
    });
    const protocol = protocolOf(input);
    const { outcome, text, isForced } = yield* converse(this.session, {
      messages: [...promptedMessages(input, tool ? protocol : 'none'), { role: 'user', content: task }],
      tools: tool ? [tool] : [],
      toolChoice: 'auto',
      maxToolRounds: Math.min(input.maxToolRounds, boundsOf(input).reactIterations),
      protocol: tool ? protocol : 'none',
      isHidden: true,
    });
    if (isOver(outcome)) return outcome;
    const result = outcome.type === 'failed' ? outcome.message : text;
    this.results.push({ description, result, hasFailed: outcome.type !== 'completed' || isForced });
    return null;
  }

  private async *synthesize(goal: string): AsyncGenerator<AgentEvent, string> {
    const { input, prompts } = this.session;
    const results = describeResults(this.results);
    const content = prompts.fill('plan-synthesis', { query: this.query, goal: goal || this.query, results });
    return yield* askHidden(this.session, [...input.messages.filter(isSystem), { role: 'user', content }]);
  }

  private tell({ isFinished, answer, missing }: Synthesis): AsyncGenerator<AgentEvent, AgentOutcome> {
    const note = isFinished ? '' : this.session.prompts.fill('plan-incomplete-note', { missing }).trim();
    return tellAnswer(this.session, answer || describeResults(this.results), note);
  }
}

/** Whether the agent ends here: it waits for its client, or its budget is spent. A step that failed can be planned around. */
function isOver({ type }: AgentOutcome): boolean {
  return type === 'action_required' || type === 'aborted' || type === 'incomplete';
}
