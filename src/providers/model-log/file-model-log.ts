import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorMessage } from '@libs/kernel';
import type { ModelCallRecord, ModelLog } from '@libs/llm';
import { LogFolder } from './log-file.js';
import { DEEPEST, redact } from './redaction.js';
import { isSampled } from './sampling.js';

/** What waits to be written at most; what comes beyond is counted and dropped. */
const MOST_WAITING = 256;
/** Characters of their texts. */
const MOST_WAITING_CHARACTERS = 32 * 1024 * 1024;
const FLUSH_AFTER_MS = 200;

export interface FileModelLogOptions {
  folder: string;
  mostBytes: number;
  /** Share of the runs that are recorded, from 0 to 1. */
  sample: number;
  redactions: readonly RegExp[];
  warn: (text: string) => void;
}

/** The log of model calls in files. Calls only leave their record in memory; it is made harmless and written later. */
export class FileModelLog implements ModelLog {
  private readonly folder: LogFolder;
  private waiting: ModelCallRecord[] = [];
  private waitingCharacters = 0;
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private hasWarned = false;

  constructor(private readonly options: FileModelLogOptions) {
    this.folder = new LogFolder(options.folder, options.mostBytes);
  }

  wants(runId: string | null): boolean {
    return isSampled(runId, this.options.sample, Math.random);
  }

  add(record: ModelCallRecord): void {
    const characters = charactersOf(record);
    const isTooMuch = this.waitingCharacters + characters > MOST_WAITING_CHARACTERS;
    if (this.waiting.length >= MOST_WAITING || isTooMuch) {
      this.dropped += 1;
    } else {
      this.waiting.push(record);
      this.waitingCharacters += characters;
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write()).catch((error: unknown) => this.warnOnce(error));
    return this.writing;
  }

  /** The newest records, of one run where an id is given; in all processes' files. */
  async read(runId: string | undefined, limit: number): Promise<unknown[]> {
    await this.flush();
    const found: unknown[] = [];
    for (const path of await this.folder.files()) {
      if (found.length >= limit) break;
      const lines = await linesOf(path, runId === undefined ? undefined : `"run_id":${JSON.stringify(runId)}`, limit);
      found.push(...lines.reverse());
    }
    return found.slice(0, limit);
  }

  private async write(): Promise<void> {
    const records = this.waiting;
    const { dropped } = this;
    this.waiting = [];
    this.waitingCharacters = 0;
    this.dropped = 0;
    if (dropped > 0) this.options.warn(`${dropped} model calls came faster than the log could be written.`);
    for (const record of records) {
      // Requests in between go first.
      await nextTurn();
      await this.folder.append(this.written(record));
    }
  }

  private written(record: ModelCallRecord): string {
    const line = toLine(record, this.options.redactions);
    for (const part of ['request', 'answer']) {
      const text = `${JSON.stringify(line)}\n`;
      if (Buffer.byteLength(text) <= this.folder.mostAtOnce) return text;
      line[part] = `[${JSON.stringify(line[part]).length} characters left out]`;
    }
    return `${JSON.stringify(line)}\n`;
  }

  private warnOnce(error: unknown): void {
    if (!this.hasWarned) this.options.warn(`The log of model calls cannot be written: ${errorMessage(error)}`);
    this.hasWarned = true;
  }
}

/** Of all texts in it that may be shown, without a copy of any. */
function charactersOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > DEEPEST + 1) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + charactersOf(each, depth + 1), 0);
}

/** The run's id stands first: readers look for it without parsing. */
function toLine(record: ModelCallRecord, redactions: readonly RegExp[]): Record<string, unknown> {
  const { runId, startedAt, durationMs, server, path, request, answer, error } = record;
  const content = redact({ request: parsed(request), answer, error }, redactions) as Record<string, unknown>;
  return { run_id: runId, started_at: startedAt, duration_ms: durationMs, server, path, ...content };
}

/** What was passed on as bytes is shown as what it says. */
function parsed(request: unknown): unknown {
  if (typeof request !== 'string') return request;
  try {
    return JSON.parse(request) as unknown;
  } catch {
    return request;
  }
}

/** The last lines of a file that begin with the run's id; a last line that is not whole yet is left out. */
async function linesOf(path: string, beginning: string | undefined, most: number): Promise<unknown[]> {
  const found: unknown[] = [];
  const file = createReadStream(path).on('error', () => undefined);
  for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
    if (beginning !== undefined && !line.startsWith(`{${beginning}`)) continue;
    try {
      found.push(JSON.parse(line));
    } catch {
      continue;
    }
    if (found.length > most) found.shift();
  }
  return found;
}
