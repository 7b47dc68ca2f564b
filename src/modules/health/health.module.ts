import { Module } from '@nestjs/common';
import { SandboxModule } from '../sandbox/index.js';
import { ChunkIndexModule } from '../vector-stores/index.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

@Module({ imports: [SandboxModule, ChunkIndexModule], controllers: [HealthController], providers: [HealthService] })
export class HealthModule {}
