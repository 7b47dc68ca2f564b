import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { SessionsModule } from '../sessions/index.js';
import { ToolsModule } from '../tools/index.js';
import { ChatEngine } from './chat-engine.js';
import { ChatFormsService } from './chat-forms.service.js';
import { ChatTools } from './chat-tools.js';
import { ChatController } from './chat.controller.js';
import { ChatService } from './chat.service.js';
import { StoredCompletionEntity } from './entities/stored-completion.entity.js';
import { PassThroughController } from './pass-through/pass-through.controller.js';
import { PassThroughService } from './pass-through/pass-through.service.js';
import { StoredCompletionsController } from './stored/stored-completions.controller.js';
import { StoredCompletionsRepository } from './stored/stored-completions.repository.js';
import { StoredCompletionsService } from './stored/stored-completions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([StoredCompletionEntity]), FilesModule, SessionsModule, ToolsModule],
  controllers: [ChatController, StoredCompletionsController, PassThroughController],
  providers: [
    ChatService,
    ChatEngine,
    ChatFormsService,
    ChatTools,
    PassThroughService,
    StoredCompletionsRepository,
    StoredCompletionsService,
  ],
  exports: [ChatService],
})
export class ChatModule {}
