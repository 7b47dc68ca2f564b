import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errorMessage } from '@libs/kernel';
import type { DocumentParser, ParsedDocument, ParseRequest } from '../ports/document.js';
import { UnreadableDocumentError } from '../ports/unreadable-document-error.js';
import { DEFAULT_PARSE_LIMITS, type ParseLimits } from './limits.js';
import type { Launch } from './process/launch.js';
import { ParserDiedError, type DeathCause } from './process/parser-process.js';
import { ParserPool } from './process/parser-pool.js';
import { BrokenParserError, readReply } from './process/read-reply.js';
import { invalid } from './unreadable.js';

export interface DocumentParserOptions {
  /** Files read at once, each in a process of its own. One more is there for what is urgent. */
  processes?: number;
  /** For one file, in milliseconds. */
  timeLimitMs?: number;
  /** Of one process, in bytes, the program (some 80 MB) included. */
  memoryLimitBytes?: number;
  limits?: Partial<ParseLimits>;
  /** How a process is started; default: as a child without rights. */
  launch?: Launch;
  /** Told in a sentence when a file broke its parser or the parser could not work. For the log. */
  onIncident?: (sentence: string) => void;
}

const DEFAULT_PROCESSES = 2;
const DEFAULT_TIME_MS = 60_000;
const DEFAULT_MEMORY_BYTES = 1024 * 1024 * 1024;
/** How many files of the longest time a process may take before it is replaced. */
const CPU_SHARE = 10;
const LONGEST_FILENAME = 1024;

/** Reads files in child processes, which a hostile file may crash, stall or fill without harm to anybody else. */
export function createDocumentParser(options: DocumentParserOptions = {}): DocumentParser {
  const timeMs = options.timeLimitMs ?? DEFAULT_TIME_MS;
  const pool = new ParserPool({
    processes: options.processes ?? DEFAULT_PROCESSES,
    timeMs,
    memoryBytes: options.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES,
    cpuSeconds: Math.ceil((timeMs * CPU_SHARE) / 1000),
    launch: options.launch,
  });
  return new PooledDocumentParser(pool, timeMs, { ...DEFAULT_PARSE_LIMITS, ...options.limits }, options.onIncident);
}

class PooledDocumentParser implements DocumentParser {
  constructor(
    private readonly pool: ParserPool,
    private readonly timeMs: number,
    private readonly limits: ParseLimits,
    private readonly onIncident: ((sentence: string) => void) | undefined,
  ) {}

  async parse({ path, filename, signal, isUrgent = false }: ParseRequest): Promise<ParsedDocument> {
    try {
      return await this.pool.use({ isUrgent, signal }, async (process) => {
        // Opened only now: who waits for a process holds no descriptor.
        const file = await open(path, constants.O_RDONLY);
        try {
          const bytes = await this.checkedSize(file);
          const head = { filename: filename.slice(-LONGEST_FILENAME), limits: this.limits };
          const content = file.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
          const reply = await process.parse(head, content, bytes, signal);
          return this.readOrDiscard(
            () => readReply(reply),
            () => process.kill('crash'),
          );
        } finally {
          await file.close();
        }
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.explained(error);
    }
  }

  close(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }

  private async checkedSize(file: FileHandle): Promise<number> {
    const { size } = await file.stat();
    if (size === 0) invalid('The file is empty.');
    if (size > this.limits.maxFileBytes) {
      invalid(
        `The file is larger than ${Math.floor(this.limits.maxFileBytes / 1024 / 1024)} MiB, which is the most that is read.`,
      );
    }
    return size;
  }

  /** A process that gave a reply of no sense, or threw what nobody foresaw, reads no other file. */
  private readOrDiscard(read: () => ParsedDocument, discard: () => void): ParsedDocument {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnreadableDocumentError)) discard();
      throw error;
    }
  }

  private explained(error: unknown): UnreadableDocumentError {
    if (error instanceof UnreadableDocumentError) return error;
    this.onIncident?.(`A document was not read: ${errorMessage(error)}`);
    const [reason, message] = this.causeOf(error);
    return new UnreadableDocumentError(reason, message, { cause: error, mayPass: reason === 'server_error' });
  }

  private causeOf(error: unknown): ['invalid_file' | 'server_error', string] {
    if (error instanceof BrokenParserError) {
      return ['invalid_file', 'The file is damaged: its content could not be read.'];
    }
    if (error instanceof ParserDiedError) return this.causeOfDeath(error.death);
    return ['server_error', 'The file could not be read because of an error on the server.'];
  }

  private causeOfDeath(death: DeathCause): ['invalid_file' | 'server_error', string] {
    switch (death) {
      case 'time':
        return ['invalid_file', `The file took longer than ${Math.ceil(this.timeMs / 1000)} seconds to read.`];
      case 'memory':
        return ['invalid_file', 'The file takes more memory to read than is allowed.'];
      case 'output':
        return ['invalid_file', 'The file holds more text than is allowed.'];
      case 'crash':
        return ['invalid_file', 'The file is damaged, or too large to be read: its parser crashed.'];
      case 'launch':
        return ['server_error', 'The file could not be read because the server has no room for a parser.'];
      case 'aborted':
      case 'closed':
        return ['server_error', 'The server stopped before the file was read.'];
    }
  }
}
