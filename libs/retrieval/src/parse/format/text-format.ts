import { textFormatOf, type TextFormat } from './extensions.js';

const LOOK = 2048;
const MOST_LINES = 5;
/** Longer ones are parsed by whoever reads them as what they are named. */
const LONGEST_JSON_TO_TRY = 4_000_000;

/** The format of a text: markup that begins as such is what it is, else the name decides, else a guess. */
export function textFormat(text: string, extension: string): TextFormat {
  const named = textFormatOf(extension);
  if (named === 'code') return named;
  const start = text.slice(0, LOOK).trimStart();
  const markup = markupOf(start, named);
  if (markup !== undefined) return markup;
  if (named === 'json' || named === undefined || named === 'plain') return jsonOf(text) ?? named ?? unnamed(extension);
  return named === 'xml' && !start.startsWith('<') ? 'plain' : named;
}

function markupOf(start: string, named: TextFormat | undefined): TextFormat | undefined {
  if (/^<!doctype html|^<html[\s>]/i.test(start)) return 'html';
  if (/^<\?xml[\s]/i.test(start)) return /<html[\s>]/i.test(start) ? 'html' : 'xml';
  return named === undefined && /^<(head|body|table|div|meta)[\s>]/i.test(start) ? 'html' : undefined;
}

function jsonOf(text: string): TextFormat | undefined {
  const start = text.slice(0, LOOK).trimStart();
  if (!/^[{[]/.test(start)) return undefined;
  if (text.length <= LONGEST_JSON_TO_TRY && isJson(text)) return 'json';
  const lines = text
    .slice(0, LONGEST_JSON_TO_TRY)
    .split('\n', MOST_LINES)
    .filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson) ? 'jsonl' : undefined;
}

/** A workbook's name on a text means an export: programs name tables so, that Excel may open them. */
function unnamed(extension: string): TextFormat {
  return /^xls/.test(extension) ? 'csv' : 'plain';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
