import type { ParsedDocument } from '../../../ports/document.js';
import { textFacts } from './text-facts.js';
import { wholeDocument } from './whole.js';

export function parsePlain(text: string): ParsedDocument {
  return wholeDocument(text, 'prose', { format: 'text', category: 'text', ...textFacts(text) });
}
