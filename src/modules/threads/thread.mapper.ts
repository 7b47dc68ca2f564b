import { toUnixSeconds } from '@libs/kernel';
import type { WireThread } from '@libs/openai-wire';
import type { ThreadRecord } from './threads.types.js';

export function toWireThread(thread: ThreadRecord): WireThread {
  return {
    id: thread.id,
    object: 'thread',
    created_at: toUnixSeconds(thread.createdAt),
    metadata: thread.metadata,
    tool_resources: thread.toolResources,
    ...(thread.fileIds.length > 0 ? { file_ids: thread.fileIds } : {}),
  };
}
