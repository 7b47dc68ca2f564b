/** A stretch of a document's text on one page and under one path of headings. Sections cover the text in order. */
export interface DocumentSection {
  /** UTF-16 offsets into the document's text, end exclusive. */
  start: number;
  end: number;
  /** Page, slide or sheet, from 1; null where the format has none. */
  page: number | null;
  /** The titles above, outermost first; a sheet's or slide's name counts as one. */
  headings: readonly string[];
  kind: 'prose' | 'code' | 'table';
}

/** What is known of a document besides its text: JSON, shaped by its format. */
export type DocumentMetadata = Record<string, unknown>;

/** A file as text, with its structure. */
export interface ParsedDocument {
  /** Lines end with \n; no NUL and no lone surrogate. */
  text: string;
  sections: DocumentSection[];
  metadata: DocumentMetadata;
}

export interface ParseRequest {
  /** A file on this machine. */
  path: string;
  /** As the user named it: its extension tells the format where the content does not. Hostile. */
  filename: string;
  signal?: AbortSignal | undefined;
  /** Somebody waits for the answer: there is a parser for it, however many files wait that are not urgent. */
  isUrgent?: boolean | undefined;
}

/** Turns files into text. Errors are `UnreadableDocumentError`s. */
export interface DocumentParser {
  parse(request: ParseRequest): Promise<ParsedDocument>;
  close(): Promise<void>;
}
