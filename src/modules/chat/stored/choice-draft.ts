import { isPlainObject } from '../../../common/validation/index.js';

type JsonObject = Record<string, unknown>;

/** Texts of a delta that grow. Model servers have two names for what a model thought. */
const TEXTS = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const;

interface CallDraft {
  id: string;
  name: string;
  arguments: string;
}

/** One choice of a streamed answer, growing by its deltas. */
export class ChoiceDraft {
  private readonly texts = new Map<(typeof TEXTS)[number], string>();
  private readonly calls = new Map<number, CallDraft>();
  private readonly logprobs = new Map<'content' | 'refusal', unknown[]>();
  private readonly annotations: unknown[] = [];
  private files: unknown;
  private finishReason: string | undefined;

  get finished(): boolean {
    return this.finishReason !== undefined;
  }

  add({ delta, logprobs, finish_reason: finishReason }: JsonObject): void {
    if (isPlainObject(delta)) this.addDelta(delta);
    if (isPlainObject(logprobs)) this.addLogprobs(logprobs);
    if (typeof finishReason === 'string') this.finishReason = finishReason;
  }

  build(index: number): JsonObject {
    const logprobs = { content: null, refusal: null, ...Object.fromEntries(this.logprobs) };
    return {
      index,
      message: this.buildMessage(),
      logprobs: this.logprobs.size === 0 ? null : logprobs,
      finish_reason: this.finishReason ?? null,
    };
  }

  private addDelta(delta: JsonObject): void {
    for (const name of TEXTS) {
      const text = delta[name];
      if (typeof text === 'string') this.texts.set(name, (this.texts.get(name) ?? '') + text);
    }
    const calls: unknown[] = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
    for (const call of calls) if (isPlainObject(call)) this.addCall(call);
    const annotations: unknown[] = Array.isArray(delta['annotations']) ? delta['annotations'] : [];
    for (const annotation of annotations) this.annotations.push(annotation);
    this.files = delta['files'] ?? this.files;
  }

  /** Id and name come once; servers that repeat them in every fragment repeat the same. */
  private addCall(fragment: JsonObject): void {
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : Math.max(0, this.calls.size - 1);
    const call = this.calls.get(index) ?? { id: '', name: '', arguments: '' };
    this.calls.set(index, call);
    const called = isPlainObject(fragment['function']) ? fragment['function'] : {};
    if (typeof fragment['id'] === 'string') call.id ||= fragment['id'];
    if (typeof called['name'] === 'string') call.name ||= called['name'];
    if (typeof called['arguments'] === 'string') call.arguments += called['arguments'];
  }

  private addLogprobs(logprobs: JsonObject): void {
    for (const name of ['content', 'refusal'] as const) {
      const added: unknown = logprobs[name];
      if (!Array.isArray(added)) continue;
      const all = this.logprobs.get(name) ?? [];
      this.logprobs.set(name, all);
      for (const token of added as unknown[]) all.push(token);
    }
  }

  private buildMessage(): JsonObject {
    const content = this.texts.get('content') ?? '';
    const calls = [...this.calls].sort(([first], [second]) => first - second).map(([, call]) => call);
    return {
      role: 'assistant',
      ...Object.fromEntries([...this.texts].filter(([, text]) => text !== '')),
      content: content === '' && calls.length > 0 ? null : content,
      refusal: this.texts.get('refusal') || null,
      ...(calls.length === 0 ? {} : { tool_calls: calls.map(toWireCall) }),
      ...(this.annotations.length === 0 ? {} : { annotations: this.annotations }),
      ...(this.files === undefined ? {} : { files: this.files }),
    };
  }
}

function toWireCall({ id, name, arguments: given }: CallDraft): JsonObject {
  return { id, type: 'function', function: { name, arguments: given } };
}
