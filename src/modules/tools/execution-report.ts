import { assertNever } from '@libs/kernel';
import type { SandboxEvent } from '@libs/sandbox';

type Done = Extract<SandboxEvent, { type: 'done' }>;

/** Characters of output that the model reads of one call: the beginning and the end of more. */
const MOST_MODEL_CHARACTERS = 20_000;

/** What an execution gave, as the model reads it. */
export function executionReport(logs: string, files: readonly { name: string; bytes: number }[], done: Done): string {
  const parts = [shorten(logs, MOST_MODEL_CHARACTERS)];
  const status = statusText(done);
  if (status !== null) parts.push(status);
  if (files.length > 0) {
    parts.push(`Files written:\n${files.map(({ name, bytes }) => `- /mnt/data/${name} (${bytes} bytes)`).join('\n')}`);
  }
  const text = parts.filter((part) => part.trim() !== '').join('\n');
  return text === '' ? '(no output)' : text;
}

/** A line for the user and the model about a call that did not end well; null if it did. */
export function statusText({ status, stateLost, message }: Done): string | null {
  const lost = stateLost ? ' The interpreter was restarted; its variables are gone, the files remain.' : '';
  const reason = message === undefined ? '' : ` ${message}`;
  switch (status) {
    case 'ok':
    case 'error':
      return lost === '' ? null : `[Note]${lost}`;
    case 'timeout':
      return `[Timeout] The execution took too long and was stopped.${reason}${lost}`;
    case 'oom':
      return `[Out of memory] The execution used more memory than it may.${reason}${lost}`;
    case 'cancelled':
      return `[Cancelled] The execution was stopped.${reason}${lost}`;
    case 'output_limit':
      return `[Output limit] The output was too long and was cut.${reason}${lost}`;
    case 'disk_limit':
      return `[Disk limit] The files in /mnt/data became too large or too many.${reason}${lost}`;
    case 'crashed':
      return `[Crashed] The interpreter died.${reason}${lost}`;
    default:
      return assertNever(status);
  }
}

/** Cuts the middle out, never through a character: model servers refuse halves. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const start = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, '');
  const end = text.slice(text.length - half).replace(/^[\uDC00-\uDFFF]/, '');
  return `${start}\n[… ${text.length - start.length - end.length} characters left out …]\n${end}`;
}
