export { CreateMessageDto } from './dto/message.dto.js';
export { CreateThreadDto } from './dto/thread.dto.js';
export { toWireMessage } from './message.mapper.js';
export { MessagesService } from './messages.service.js';
export { toWireThread } from './thread.mapper.js';
export { ThreadsModule } from './threads.module.js';
export { ThreadsService } from './threads.service.js';
export type { MessageRecord, ThreadRecord } from './threads.types.js';
