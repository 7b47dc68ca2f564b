/** What reading one file may cost. */
export interface ParseLimits {
  maxFileBytes: number;
  /** UTF-16 units of text that a file may give. */
  maxTextLength: number;
  /** Archives (docx, xlsx, pptx): entries, bytes once unpacked, and how many times more than packed these may be. */
  maxArchiveEntries: number;
  maxArchiveBytes: number;
  maxArchiveRatio: number;
  /** Sections that are told apart; what follows is one. */
  maxSections: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_PARSE_LIMITS: Readonly<ParseLimits> = Object.freeze({
  maxFileBytes: 128 * MIB,
  maxTextLength: 32 * MIB,
  maxArchiveEntries: 10_000,
  maxArchiveBytes: 256 * MIB,
  maxArchiveRatio: 100,
  maxSections: 50_000,
});
