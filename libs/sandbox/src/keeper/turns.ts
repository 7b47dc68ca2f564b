/** Lets one caller in at a time, in the order in which they came. */
export class Turns {
  private isTaken = false;
  private readonly waiting: (() => void)[] = [];

  /** Whether somebody is in, or waits to be. */
  get isBusy(): boolean {
    return this.isTaken;
  }

  /** Resolves when it is the caller's turn, which `pass` ends. Rejects with the signal's reason if that aborts first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.isTaken) {
      this.isTaken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }

  /** Ends the turn; the next that waits has it. */
  pass(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.isTaken = false;
    else next();
  }
}
