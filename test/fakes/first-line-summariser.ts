import type { DocumentSummariser } from '../../src/modules/vector-stores/summaries/document-summariser.js';

/** A document's summary is its first line: for tests of what stands around a model. */
export class FirstLineSummariser implements DocumentSummariser {
  model: string | undefined = 'first-lines';
  readonly asked: string[] = [];
  /** Called before each answer; what it throws is the model's error. */
  whileReading: (text: string, signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  async summarise(text: string, signal: AbortSignal): Promise<string> {
    this.asked.push(text);
    await this.whileReading(text, signal);
    signal.throwIfAborted();
    return text.split('\n')[0] ?? '';
  }
}
