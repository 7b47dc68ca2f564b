/** What a process has told of itself. */
export interface BoardEntry {
  processId: string;
  data: string;
}

/** What is told here is gone after this time, unless it is told again: its process may have died. */
export const BOARD_TTL_MS = 15_000;

/** Where each process tells the others of itself. */
export abstract class ProcessBoard {
  /** Whether there may be others. */
  abstract readonly isShared: boolean;
  /** Replaces what the process has told before. */
  abstract post(entry: BoardEntry): Promise<void>;
  abstract remove(processId: string): Promise<void>;
  /** Of every process that lives, in no particular order. */
  abstract read(): Promise<BoardEntry[]>;
  abstract close(): Promise<void>;
}

/** Where one process does everything. */
export class InProcessBoard extends ProcessBoard {
  override readonly isShared = false;
  private readonly entries = new Map<string, string>();

  override post({ processId, data }: BoardEntry): Promise<void> {
    this.entries.set(processId, data);
    return Promise.resolve();
  }

  override remove(processId: string): Promise<void> {
    this.entries.delete(processId);
    return Promise.resolve();
  }

  override read(): Promise<BoardEntry[]> {
    return Promise.resolve([...this.entries].map(([processId, data]) => ({ processId, data })));
  }

  override close(): Promise<void> {
    this.entries.clear();
    return Promise.resolve();
  }
}
