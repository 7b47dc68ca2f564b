export { AssistantsModule } from './assistants.module.js';
export { AssistantsService } from './assistants.service.js';
export type { AssistantRecord } from './assistants.types.js';
