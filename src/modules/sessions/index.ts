export { joinConversation, splitInstructions, toSpokenAnswer } from './conversation.js';
export { SessionsModule } from './sessions.module.js';
export { NEW_SESSION, SessionsService } from './sessions.service.js';
export type { OpenSession, SessionMessage, SessionTurn } from './sessions.types.js';
