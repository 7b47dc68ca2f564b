import { Module } from '@nestjs/common';
import { FilesModule } from '../files/index.js';
import { ToolsModule } from '../tools/index.js';
import { ChatEngine } from './chat-engine.js';
import { ChatController } from './chat.controller.js';
import { ChatService } from './chat.service.js';

@Module({
  imports: [FilesModule, ToolsModule],
  controllers: [ChatController],
  providers: [ChatService, ChatEngine],
})
export class ChatModule {}
