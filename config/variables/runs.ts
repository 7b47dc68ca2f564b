import { choice, integer, text } from '../variable.js';

/** Runs, agents and their limits. */
export const RUNS = {
  MAX_TOOL_ROUNDS: integer({
    default: 30,
    min: 1,
    max: 1000,
    description: 'Most rounds of tool calls in one run or chat completion; after them the model must answer.',
  }),
  CHAT_TIMEOUT_SECONDS: integer({
    default: 600,
    min: 1,
    max: 86_400,
    description: 'Seconds that an agent may work on one chat completion; then the answer ends as it is, with `length`.',
  }),
  RUN_CONCURRENCY: integer({
    default: 16,
    min: 1,
    max: 10_000,
    description: 'Runs that one process executes at once.',
  }),
  RUN_LEASE_SECONDS: integer({
    default: 15,
    min: 2,
    max: 3600,
    description: 'Seconds of silence after which the run of a worker is given to another one.',
  }),
  RUN_REAP_INTERVAL_SECONDS: integer({
    default: 5,
    min: 1,
    max: 3600,
    description: 'Seconds between two looks for runs that nobody works on: of lost workers, or expired.',
  }),
  DEFAULT_AGENT: choice(['chat', 'react', 'plan_execute', 'ultrawork', 'auto'], {
    default: 'auto',
    description: 'Agent of sessions that a form begins without `agent_type` (docs/sessions.md).',
  }),
  MAX_CONVERSATION_HISTORY: integer({
    default: 50,
    min: 1,
    max: 1000,
    description: 'Newest messages of a session that the model is shown. All are kept.',
  }),
  PROMPTS_DIR: text({
    default: undefined,
    description: "Folder of prompts: a file of the same name stands in for the product's own (docs/agents.md).",
  }),
  REACT_MAX_ITERATIONS: integer({
    default: 5,
    min: 1,
    max: 1000,
    description: 'Most rounds of thought and action of the agent react, and of each step of a plan.',
  }),
  PLAN_MAX_STEPS: integer({ default: 5, min: 1, max: 100, description: 'Most steps of one plan of plan_execute.' }),
  PLAN_MAX_ITERATIONS: integer({
    default: 3,
    min: 1,
    max: 100,
    description: 'Most plans that plan_execute makes for one answer.',
  }),
  ULTRAWORK_MAX_ITERATIONS: integer({
    default: 5,
    min: 1,
    max: 100,
    description: 'Most rounds of work and review of the agent ultrawork.',
  }),
} as const;
