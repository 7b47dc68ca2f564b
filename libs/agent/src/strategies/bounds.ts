import type { AgentInput } from '../agent-input.js';
import { DEFAULT_BOUNDS, type AgentBounds } from './agent-type.js';

export function boundsOf({ bounds }: AgentInput): AgentBounds {
  return { ...DEFAULT_BOUNDS, ...bounds };
}
