/** The ways in which an agent may go about a task. */
export const AGENT_TYPES = ['chat', 'react', 'plan_execute', 'ultrawork', 'auto'] as const;

export type AgentType = (typeof AGENT_TYPES)[number];

/** How long agents go on. The first seed of agents had these, all of them five but the plans. */
export interface AgentBounds {
  /** Rounds of thought and action of `react`, and of each step of a plan. */
  reactIterations: number;
  /** Steps of one plan. */
  planSteps: number;
  /** Plans that one answer may take. */
  plans: number;
  /** Rounds of work and review of `ultrawork`. */
  ultraworkIterations: number;
}

export const DEFAULT_BOUNDS: Readonly<AgentBounds> = Object.freeze({
  reactIterations: 5,
  planSteps: 5,
  plans: 3,
  ultraworkIterations: 5,
});
