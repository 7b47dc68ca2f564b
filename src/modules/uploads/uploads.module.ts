import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { UploadPartEntity } from './entities/upload-part.entity.js';
import { UploadEntity } from './entities/upload.entity.js';
import { PartBlobs } from './part-blobs.js';
import { UploadCompletionService } from './upload-completion.service.js';
import { UploadPartsRepository } from './upload-parts.repository.js';
import { UploadPartsService } from './upload-parts.service.js';
import { UploadsHousekeeping } from './uploads-housekeeping.service.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsRepository } from './uploads.repository.js';
import { UploadsService } from './uploads.service.js';

/** Files that come in parts. */
@Module({
  imports: [TypeOrmModule.forFeature([UploadEntity, UploadPartEntity]), FilesModule],
  controllers: [UploadsController],
  providers: [
    PartBlobs,
    UploadCompletionService,
    UploadPartsRepository,
    UploadPartsService,
    UploadsHousekeeping,
    UploadsRepository,
    UploadsService,
  ],
})
export class UploadsModule {}
