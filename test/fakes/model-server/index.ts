export type { ChatTemplate } from './chat-template.js';
export { ImitationModelServer, type ImitationOptions, type RecordedRequest } from './model-server.js';
export { ModelServerProcess, type RemoteModelServer } from './model-server-process.js';
export type { ProfileName } from './profile.js';
export type { ScriptedToolCall, ScriptedTurn } from './script.js';
