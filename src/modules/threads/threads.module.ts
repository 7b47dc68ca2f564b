import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { VectorStoresModule } from '../vector-stores/index.js';
import { MessageEntity } from './entities/message.entity.js';
import { ThreadEntity } from './entities/thread.entity.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { ThreadsController } from './threads.controller.js';
import { ThreadsRepository } from './threads.repository.js';
import { ThreadsService } from './threads.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ThreadEntity, MessageEntity]), FilesModule, VectorStoresModule],
  controllers: [ThreadsController, MessagesController],
  providers: [ThreadsService, MessagesService, ThreadsRepository, MessagesRepository],
  exports: [ThreadsService, MessagesService],
})
export class ThreadsModule {}
