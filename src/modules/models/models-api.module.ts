import { Module } from '@nestjs/common';
import { ModelLogController } from './model-log.controller.js';
import { ModelLogService } from './model-log.service.js';
import { ModelsController } from './models.controller.js';
import { ModelsService } from './models.service.js';

@Module({ controllers: [ModelsController, ModelLogController], providers: [ModelsService, ModelLogService] })
export class ModelsApiModule {}
