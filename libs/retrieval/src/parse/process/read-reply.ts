import type { DocumentSection, ParsedDocument } from '../../ports/document.js';
import { UnreadableDocumentError, type UnreadableReason } from '../../ports/unreadable-document-error.js';
import type { Frame } from './frame.js';

const REASONS: readonly string[] = ['unsupported_file', 'invalid_file', 'server_error'] satisfies UnreadableReason[];
const KINDS: readonly unknown[] = ['prose', 'code', 'table'] satisfies DocumentSection['kind'][];
const LONGEST_MESSAGE = 500;

/** A reply that no sound parser gives: a hostile file has taken the process over, or it has a bug. */
export class FalseReplyError extends Error {}

/** The parser threw something unforeseen. The file is to blame more often than not. */
export class BrokenParserError extends Error {}

/**
 * The document of a reply. The process that sent it read a hostile file, so nothing in it is believed.
 *
 * @throws UnreadableDocumentError, BrokenParserError or FalseReplyError
 */
export function readReply({ head, body }: Frame): ParsedDocument {
  if (!isRecord(head)) throw new FalseReplyError('The reply is no object.');
  if (head.type === 'unreadable') throw readRefusal(head);
  if (head.type === 'broken') throw new BrokenParserError(String(head.message).slice(0, LONGEST_MESSAGE));
  if (head.type !== 'document' || !isRecord(head.metadata)) throw new FalseReplyError('The reply has an unknown type.');
  const text = body.toString('utf8').replaceAll('\0', '');
  return { text, sections: readSections(head.sections, text.length), metadata: head.metadata };
}

function readRefusal({ reason, message, isPicture }: Record<string, unknown>): Error {
  if (typeof reason !== 'string' || typeof message !== 'string' || !REASONS.includes(reason)) {
    return new FalseReplyError('The refusal names no reason.');
  }
  return new UnreadableDocumentError(reason as UnreadableReason, message.slice(0, LONGEST_MESSAGE), {
    isPicture: isPicture === true,
  });
}

function readSections(value: unknown, length: number): DocumentSection[] {
  if (!Array.isArray(value) || !value.every(isSection)) throw new FalseReplyError('The sections have a false form.');
  let covered = 0;
  for (const { start, end } of value) {
    if (start !== covered || end < start) throw new FalseReplyError('The sections leave gaps.');
    covered = end;
  }
  if (covered !== length) throw new FalseReplyError('The sections do not cover the text.');
  return value;
}

function isSection(value: unknown): value is DocumentSection {
  if (!isRecord(value)) return false;
  const { start, end, page, headings, kind } = value;
  return (
    Number.isInteger(start) &&
    Number.isInteger(end) &&
    (page === null || (Number.isInteger(page) && Number(page) > 0)) &&
    Array.isArray(headings) &&
    headings.every((heading) => typeof heading === 'string') &&
    KINDS.includes(kind)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
