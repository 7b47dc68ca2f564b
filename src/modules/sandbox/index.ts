export { SandboxModule } from './sandbox.module.js';
export { SandboxService } from './sandbox.service.js';
export { SandboxSessions, type HeldSession } from './sessions/sandbox-sessions.js';
