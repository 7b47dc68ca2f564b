import { eventually } from '../../support/eventually.js';
import type { ScriptedServer } from './scripted-server.js';
import { dataOf, type StreamEvent } from './stream-events.js';

/** A streamed run whose events are collected while the test does something else. */
export class FollowedRun {
  readonly end: Promise<StreamEvent[]>;
  private readonly events: StreamEvent[] = [];
  private failure: Error | undefined;

  constructor(
    { client, assistantId }: ScriptedServer,
    readonly threadId: string,
  ) {
    this.end = this.read(client.beta.threads.runs.stream(threadId, { assistant_id: assistantId }));
    this.end.catch((error: Error) => (this.failure = error));
  }

  get id(): string {
    return dataOf(this.events, 'thread.run.created')[0]?.id ?? '';
  }

  async waitFor(name: StreamEvent['event']): Promise<void> {
    await eventually(() => {
      if (this.failure !== undefined) throw this.failure;
      expect(this.events.map(({ event }) => event)).toContain(name);
    });
  }

  async waitForLogs(text: string): Promise<void> {
    await eventually(() =>
      expect(JSON.stringify(dataOf(this.events, 'thread.run.step.delta'))).toContain(`${text}\\n`),
    );
  }

  private async read(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
    for await (const event of stream) this.events.push(event);
    return this.events;
  }
}
