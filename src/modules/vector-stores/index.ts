export { ChunkIndexModule } from './chunk-index/chunk-index.module.js';
export { CHUNK_INDEX } from './chunk-index/chunk-index.token.js';
export { SearchState } from './chunk-index/search-report.js';
export { CreateToolResourcesDto } from './dto/create-tool-resources.dto.js';
export { FileDescriptions, type DescribedFile } from './file-descriptions.js';
export { StoreResources } from './store-resources.service.js';
export { VectorStoresModule } from './vector-stores.module.js';
export { VectorStoresService } from './vector-stores.service.js';
export type { StoreSearchHit, StoreSearchRequest, VectorStoreRecord } from './vector-stores.types.js';
