export { ImitationModelServer, type ImitationOptions, type RecordedRequest } from './model-server.js';
export type { ProfileName } from './profile.js';
export type { ScriptedToolCall, ScriptedTurn } from './script.js';
