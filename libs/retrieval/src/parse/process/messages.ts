import type { DocumentMetadata, DocumentSection } from '../../ports/document.js';
import type { UnreadableReason } from '../../ports/unreadable-document-error.js';
import type { ParseLimits } from '../limits.js';

/** The head of a request; its body is the file. */
export interface RequestHead {
  filename: string;
  limits: ParseLimits;
}

/** The head of a reply; its body is the text in UTF-8. */
export type ReplyHead =
  | { type: 'document'; sections: DocumentSection[]; metadata: DocumentMetadata }
  | { type: 'unreadable'; reason: UnreadableReason; message: string; isPicture: boolean }
  /** The parser broke: what it threw is for the log. */
  | { type: 'broken'; message: string };
