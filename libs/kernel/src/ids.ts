import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 24;
const LARGEST_UNBIASED_BYTE = 256 - (256 % ALPHABET.length);

/**
 * The prefixes of the wire (openai-wire.md section 7). Files are the one kind that OpenAI joins
 * with a hyphen.
 */
export const ID_PREFIXES = {
  assistant: 'asst_',
  thread: 'thread_',
  message: 'msg_',
  run: 'run_',
  step: 'step_',
  toolCall: 'call_',
  file: 'file-',
  workspaceFile: 'wsfile_',
  upload: 'upload_',
  uploadPart: 'part_',
  vectorStore: 'vs_',
  vectorStoreFileBatch: 'vsfb_',
  chunkSet: 'chunks_',
  chatCompletion: 'chatcmpl-',
  request: 'req_',
  user: 'user_',
  project: 'proj_',
  job: 'job_',
  session: 'sess_',
  sandboxSession: 'sbx_',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** A new unguessable id: the kind's prefix and 24 base-62 characters (142 bits). */
export function newId(kind: IdKind): string {
  let text: string = ID_PREFIXES[kind];
  const wanted = text.length + RANDOM_LENGTH;
  while (text.length < wanted) {
    for (const byte of randomBytes(RANDOM_LENGTH)) {
      if (byte < LARGEST_UNBIASED_BYTE && text.length < wanted) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
