export { createAnswerCheck, type AnswerCheck } from './answer-check.js';
export { CheckedModel } from './checked-model.js';
export { ContextWindow, type ContextWindowOptions, type CountTokens } from './context-window.js';
export type * from './events.js';
export { SANDBOX_LINK_PREFIX, type FileDirectory } from './file-links.js';
export { runAgent, type AgentInput } from './run-agent.js';
export { parseObject } from './tool-round.js';
export { isClientTool, type Tool, type ToolCall, type ToolEvent } from './tool.js';
export { addUsage, NO_USAGE } from './usage.js';
