import type { SandboxEvent } from '../ports/sandbox-provider.js';

/** Events between a producer that never waits and one consumer. Neighbouring output is joined while it waits. */
export class EventQueue {
  private readonly waiting: SandboxEvent[] = [];
  private closed = false;
  private wake: () => void = () => undefined;

  push(event: SandboxEvent): void {
    const last = this.waiting.at(-1);
    if ((event.type === 'stdout' || event.type === 'stderr') && last?.type === event.type) {
      last.text += event.text;
    } else {
      this.waiting.push({ ...event });
    }
    this.wake();
  }

  /** Nothing more will come. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  /** Yields what was and will be pushed, until it is closed and empty. */
  async *drain(): AsyncGenerator<SandboxEvent, void, undefined> {
    for (;;) {
      const event = this.waiting.shift();
      if (event !== undefined) yield event;
      else if (this.closed) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
