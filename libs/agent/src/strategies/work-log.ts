import type { AgentEvent } from '../events.js';

/** Characters of one call or result that a reviewer reads. */
const MOST_CHARACTERS = 4000;

/** What was done in a stretch of work, as a reviewer reads it. */
export class WorkLog {
  private readonly calls: { name: string; input: string; result: string }[] = [];

  /** Passes the events on and notes what was done. */
  async *follow<Result>(events: AsyncGenerator<AgentEvent, Result>): AsyncGenerator<AgentEvent, Result> {
    let step = await events.next();
    while (!step.done) {
      this.note(step.value);
      yield step.value;
      step = await events.next();
    }
    return step.value;
  }

  describe(answer: string): string {
    const calls = this.calls.map(
      ({ name, input, result }) => `Call of ${name}:\n${cut(input)}\n\nIts result:\n${cut(result)}`,
    );
    return [...calls, answer.trim() || '(no answer)'].join('\n\n');
  }

  private note(event: AgentEvent): void {
    const last = this.calls.at(-1);
    if (event.type === 'tool-call-started') this.calls.push({ name: event.name, input: '', result: '' });
    else if (event.type === 'tool-call-delta' && last) last.input += event.fragment;
    else if (event.type === 'tool-call-completed' && last) last.result = event.content;
  }
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)} […]`;
}
