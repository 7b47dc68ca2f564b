import { toChunking } from './chunking.js';
import type { CreateFileBatchDto } from './dto/store-file.dto.js';
import { eitherIdsOrFiles, missing } from './vector-stores.errors.js';
import type { NewStoreFile } from './vector-stores.types.js';

/** The files that a request for a batch names, in either of its two forms. Throws 400. */
export function filesOfBatch(body: CreateFileBatchDto): NewStoreFile[] {
  const { file_ids: fileIds, files } = body;
  if (fileIds && files) throw eitherIdsOrFiles();
  if (files) {
    return files.map(({ file_id: fileId, attributes, chunking_strategy: strategy }, index) => ({
      fileId,
      attributes: attributes ?? {},
      chunking: toChunking(strategy, `files[${index}].chunking_strategy`),
    }));
  }
  if (!fileIds) throw missing('file_ids');
  const attributes = body.attributes ?? {};
  const chunking = toChunking(body.chunking_strategy);
  return fileIds.map((fileId) => ({ fileId, attributes, chunking }));
}
