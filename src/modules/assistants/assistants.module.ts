import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { ToolsModule } from '../tools/index.js';
import { AssistantsController } from './assistants.controller.js';
import { AssistantsRepository } from './assistants.repository.js';
import { AssistantsService } from './assistants.service.js';
import { AssistantEntity } from './entities/assistant.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([AssistantEntity]), FilesModule, ToolsModule],
  controllers: [AssistantsController],
  providers: [AssistantsService, AssistantsRepository],
  exports: [AssistantsService],
})
export class AssistantsModule {}
