import type { MarkedText, TextStage } from './text-stage.js';

/** A stage that takes from the front of what it holds whatever is decided. */
export abstract class HoldingStage implements TextStage {
  protected held = '';

  push(fragment: string): MarkedText[] {
    this.held += fragment;
    return [...this.drain(false)];
  }

  flush(): MarkedText[] {
    return [...this.drain(true)];
  }

  /** @param atEnd nothing follows what is held: all of it is decided */
  protected abstract drain(atEnd: boolean): Iterable<MarkedText>;
}
