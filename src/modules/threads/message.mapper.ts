import { toUnixSeconds } from '@libs/kernel';
import type { MessageAttachment, WireMessage, WireMessageContent } from '@libs/openai-wire';
import type { AttachmentDto, CreateMessageDto } from './dto/message.dto.js';
import { ImageFilePartDto, ImageUrlPartDto } from './dto/message.dto.js';
import type { MessageRecord } from './threads.types.js';

export function toWireMessage(message: MessageRecord): WireMessage {
  return {
    id: message.id,
    object: 'thread.message',
    created_at: toUnixSeconds(message.createdAt),
    assistant_id: message.assistantId,
    thread_id: message.threadId,
    run_id: message.runId,
    role: message.role,
    status: message.status,
    incomplete_details: message.incompleteReason === null ? null : { reason: message.incompleteReason },
    completed_at: toUnixSeconds(message.completedAt),
    incomplete_at: toUnixSeconds(message.incompleteAt),
    content: message.content,
    attachments: message.attachments,
    metadata: message.metadata,
    ...(message.fileIds.length > 0 ? { file_ids: message.fileIds } : {}),
  };
}

/** Requests give a text part as a plain string; what is kept and answered bears value and annotations. */
export function toContent(parts: CreateMessageDto['content']): WireMessageContent[] {
  return parts.map((part) => {
    if (part instanceof ImageFilePartDto) {
      const { file_id, detail } = part.image_file;
      return { type: 'image_file', image_file: { file_id, detail: detail ?? 'auto' } };
    }
    if (part instanceof ImageUrlPartDto) {
      const { url, detail } = part.image_url;
      return { type: 'image_url', image_url: { url, detail: detail ?? 'auto' } };
    }
    return { type: 'text', text: { value: part.text, annotations: [] } };
  });
}

export function toAttachments(attachments: AttachmentDto[] | null | undefined): MessageAttachment[] {
  return (attachments ?? []).map(({ file_id, tools }) => ({
    file_id,
    tools: (tools ?? []).map(({ type }) => ({ type })),
  }));
}
