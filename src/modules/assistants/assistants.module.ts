import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { VectorStoresModule } from '../vector-stores/index.js';
import { ToolsModule } from '../tools/index.js';
import { AssistantsController } from './assistants.controller.js';
import { AssistantsRepository } from './assistants.repository.js';
import { AssistantsService } from './assistants.service.js';
import { AssistantEntity } from './entities/assistant.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([AssistantEntity]), FilesModule, VectorStoresModule, ToolsModule],
  controllers: [AssistantsController],
  providers: [AssistantsService, AssistantsRepository],
  exports: [AssistantsService],
})
export class AssistantsModule {}
