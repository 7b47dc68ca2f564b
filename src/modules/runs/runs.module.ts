import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssistantsModule } from '../assistants/index.js';
import { FilesModule } from '../files/index.js';
import { ThreadsModule } from '../threads/index.js';
import { ToolsModule } from '../tools/index.js';
import { VectorStoresModule } from '../vector-stores/index.js';
import { RunStepEntity } from './entities/run-step.entity.js';
import { RunEntity } from './entities/run.entity.js';
import { RunClaims } from './run-claims.js';
import { RunCreation } from './run-creation.js';
import { RunEnding } from './run-ending.js';
import { RunExecutor } from './run-executor.js';
import { RunFollower } from './run-follower.js';
import { RunImages } from './run-images.js';
import { RunKnowledge } from './run-knowledge.js';
import { RunLeases } from './run-lease.js';
import { RunReaper } from './run-reaper.js';
import { RunRecovery } from './run-recovery.js';
import { RunResponder } from './run-responder.js';
import { RunStepsController } from './run-steps.controller.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunStepsService } from './run-steps.service.js';
import { RunStream } from './run-stream.js';
import { RunWriter } from './run-writer.js';
import { RunProcessor } from './run.processor.js';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { ToolOutputsService } from './tool-outputs.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([RunEntity, RunStepEntity]),
    AssistantsModule,
    FilesModule,
    ThreadsModule,
    ToolsModule,
    VectorStoresModule,
  ],
  controllers: [RunsController, RunStepsController],
  providers: [
    RunsService,
    RunCreation,
    ToolOutputsService,
    RunStepsService,
    RunsRepository,
    RunStepsRepository,
    RunResponder,
    RunStream,
    RunWriter,
    RunClaims,
    RunEnding,
    RunRecovery,
    RunExecutor,
    RunFollower,
    RunImages,
    RunKnowledge,
    RunLeases,
    RunProcessor,
    RunReaper,
  ],
})
export class RunsModule {}
