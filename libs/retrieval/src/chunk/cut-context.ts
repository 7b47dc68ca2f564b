import type { EmbedTexts } from '../ports/chunk.js';
import type { DocumentSection } from '../ports/document.js';
import type { MeasuredText } from './measured-text.js';

/** What cutting a document needs besides the strategy. */
export interface CutContext {
  measured: MeasuredText;
  sections: readonly DocumentSection[];
  embed: EmbedTexts | undefined;
  signal: AbortSignal | undefined;
  breathe: () => Promise<void> | undefined;
}
