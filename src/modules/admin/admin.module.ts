import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DefaultModelController } from './default-model.controller.js';
import { DefaultModelService } from './default-model.service.js';
import { SettingEntity } from './entities/setting.entity.js';
import { SettingsRepository } from './settings.repository.js';

/** What administrators decide while the server runs. */
@Module({
  imports: [TypeOrmModule.forFeature([SettingEntity])],
  controllers: [DefaultModelController],
  providers: [DefaultModelService, SettingsRepository],
})
export class AdminModule {}
