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
  const attached = attachments.filter(({ tools }) => tools.some(({ type }) => type === 'code_interpreter'));
  return [...new Set([...attached.map((attachment) => attachment.file_id), ...fileIds])];
}

/** Attaching a file for code_interpreter adds it to the thread's resources (openai-wire.md section 7). */
export function withCodeFiles(resources: ToolResources, fileIds: string[]): ToolResources {
  if (fileIds.length === 0) return resources;
  const present = resources.code_interpreter?.file_ids ?? [];
  return { ...resources, code_interpreter: { file_ids: [...new Set([...present, ...fileIds])] } };
}
