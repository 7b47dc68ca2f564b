import type { KnowledgeApp } from './knowledge-app.js';

export interface Gate {
  open: () => void;
  /** Files that wait at it. */
  held: () => number;
}

/** Holds every file at the given place until it is opened. */
export function holdAt(place: KnowledgeApp, at: 'parser' | 'index'): Gate {
  let open = (): void => undefined;
  let held = 0;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const wait = async (_: unknown, signal: AbortSignal | undefined): Promise<void> => {
    held += 1;
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    await Promise.race([opened, aborted]);
    held -= 1;
  };
  if (at === 'parser') place.parser.whileParsing = wait;
  else place.index.whileWriting = wait;
  return { open, held: () => held };
}

/** Lets everything pass again. */
export function openAll(place: KnowledgeApp): void {
  place.parser.whileParsing = () => Promise.resolve();
  place.index.whileWriting = () => Promise.resolve();
}
