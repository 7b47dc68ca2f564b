import { PublicError } from '@libs/kernel';

/** As a vector store file's `last_error.code` names them. */
export type UnreadableReason = 'unsupported_file' | 'invalid_file' | 'server_error';

/** The file has no text that could be had, or not within the limits. The message is fit for users. */
export class UnreadableDocumentError extends PublicError {
  /** It is, or holds, pictures alone: text recognition may find text in it. */
  readonly isPicture: boolean;
  /** The file is not to blame, and may be read when it is tried again. */
  readonly mayPass: boolean;

  constructor(
    readonly reason: UnreadableReason,
    message: string,
    { isPicture = false, mayPass = false, ...options }: ErrorOptions & { isPicture?: boolean; mayPass?: boolean } = {},
  ) {
    super(message, options);
    this.isPicture = isPicture;
    this.mayPass = mayPass;
    this.name = 'UnreadableDocumentError';
  }
}
