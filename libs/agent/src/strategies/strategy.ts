import type { AgentEvent, AgentOutcome } from '../events.js';
import type { AgentSession } from '../loop/agent-session.js';

/** How an agent goes about a task: which questions it asks the model, and which tools it lets it use when. */
export type Strategy = (session: AgentSession) => AsyncGenerator<AgentEvent, AgentOutcome>;
