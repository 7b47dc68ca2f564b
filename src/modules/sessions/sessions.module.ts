import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { SessionEntity } from './entities/session.entity.js';
import { SessionMessageEntity } from './entities/session-message.entity.js';
import { SessionMessagesRepository } from './session-messages.repository.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

/** Conversations that the server keeps for chat completions. */
@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity, SessionMessageEntity]), FilesModule],
  controllers: [SessionsController],
  providers: [SessionsService, SessionsRepository, SessionMessagesRepository],
  exports: [SessionsService],
})
export class SessionsModule {}
