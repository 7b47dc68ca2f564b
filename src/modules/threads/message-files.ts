import type { MessageAttachment, ToolResources, WireMessageContent } from '@libs/openai-wire';

/** Every file that a message names: all must exist. */
export function filesOfMessage(
  content: WireMessageContent[],
  attachments: MessageAttachment[],
  fileIds: string[],
): string[] {
  const images = content.flatMap((part) => (part.type === 'image_file' ? [part.image_file.file_id] : []));
  return [...new Set([...images, ...attachments.map((attachment) => attachment.file_id), ...fileIds])];
}

/** The files of a message that code may read: attachments for code_interpreter, and the extension's file_ids. */
export function codeFilesOfMessage(attachments: MessageAttachment[], fileIds: string[]): string[] {
  return [...new Set([...attachedFor('code_interpreter', attachments), ...fileIds])];
}

/** The files of a message that are to be found by searches of the thread. */
export function searchFilesOfMessage(attachments: MessageAttachment[]): string[] {
  return [...new Set(attachedFor('file_search', attachments))];
}

function attachedFor(tool: MessageAttachment['tools'][number]['type'], attachments: MessageAttachment[]): string[] {
  return attachments.filter(({ tools }) => tools.some(({ type }) => type === tool)).map(({ file_id }) => file_id);
}

/** Attaching a file for code_interpreter adds it to the thread's resources (openai-wire.md section 7). */
export function withCodeFiles(resources: ToolResources, fileIds: string[]): ToolResources {
  if (fileIds.length === 0) return resources;
  const present = resources.code_interpreter?.file_ids ?? [];
  return { ...resources, code_interpreter: { file_ids: [...new Set([...present, ...fileIds])] } };
}
