import { isPlainObject } from '../../../common/validation/index.js';
import { ChoiceDraft } from './choice-draft.js';

/** What chunks and the whole answer have in common, the extensions among it. The last chunk that has one decides. */
const SHARED = ['id', 'created', 'model', 'system_fingerprint', 'service_tier', 'usage'] as const;
const EXTENSIONS = ['generated_files', 'attached_files'] as const;

/** Puts the chunks of a streamed chat completion together: the answer that a request without `stream` would have got. */
export class CompletionAssembler {
  private readonly shared = new Map<string, unknown>();
  private readonly choices = new Map<number, ChoiceDraft>();
  private failed = false;

  add(chunk: Record<string, unknown>): void {
    if (isPlainObject(chunk['error'])) this.fail();
    for (const name of [...SHARED, ...EXTENSIONS]) {
      const value = chunk[name];
      if (value !== undefined && value !== null) this.shared.set(name, value);
    }
    const choices: unknown[] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    for (const choice of choices) if (isPlainObject(choice)) this.addChoice(choice);
  }

  /** Tells that a part of the answer is not known. */
  fail(): void {
    this.failed = true;
  }

  /** Undefined for an answer that broke off or ended with an error. */
  build(): Record<string, unknown> | undefined {
    const choices = [...this.choices].sort(([first], [second]) => first - second);
    const complete = choices.length > 0 && choices.every(([, choice]) => choice.finished);
    if (this.failed || !complete) return undefined;
    return {
      ...Object.fromEntries(this.shared),
      object: 'chat.completion',
      choices: choices.map(([index, choice]) => choice.build(index)),
    };
  }

  private addChoice(choice: Record<string, unknown>): void {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const draft = this.choices.get(index) ?? new ChoiceDraft();
    this.choices.set(index, draft);
    draft.add(choice);
  }
}
