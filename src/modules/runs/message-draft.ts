import type { Annotation, IncompleteReason, UrlCitationAnnotation } from '@libs/agent';
import type { WireAnnotation, WireMessageContent, WireMessageDelta } from '@libs/openai-wire';
import type { MessageRecord } from '../threads/index.js';
import type { RunChange } from './run-change.js';
import type { RunRecord } from './runs.types.js';

const EMPTY_TEXT: WireMessageContent = { type: 'text', text: { value: '', annotations: [] } };

/** The wire's messages have no citations of web pages: there the link in the text is all. */
type FileAnnotation = Exclude<Annotation, UrlCitationAnnotation>;

type DeltaPart = NonNullable<WireMessageDelta['delta']['content']>[number];
type DeltaAnnotation = NonNullable<NonNullable<Extract<DeltaPart, { type: 'text' }>['text']>['annotations']>[number];

/** A message while a run writes it: grows by parts, and gives the delta of each. */
export class MessageDraft {
  private record: MessageRecord;
  private readonly content: WireMessageContent[] = [];

  constructor(
    run: RunRecord,
    private readonly context: { newId(kind: 'message'): string; now(): Date },
  ) {
    this.record = {
      id: context.newId('message'),
      projectId: run.projectId,
      createdAt: context.now(),
      threadId: run.threadId,
      role: 'assistant',
      status: 'in_progress',
      incompleteReason: null,
      completedAt: null,
      incompleteAt: null,
      content: [],
      assistantId: run.assistantId,
      runId: run.id,
      attachments: [],
      fileIds: [],
      metadata: {},
      queued: false,
    };
  }

  get id(): string {
    return this.record.id;
  }

  start(): RunChange[] {
    return [
      { event: 'thread.message.created', message: this.record },
      { event: 'thread.message.in_progress', message: this.record },
    ];
  }

  addImage(fileId: string): RunChange {
    const part = { type: 'image_file' as const, image_file: { file_id: fileId, detail: 'auto' as const } };
    this.content.push(part);
    return this.delta({ index: this.content.length - 1, ...part });
  }

  /** The first delta of a text part bears `annotations`, later ones only where there are some. */
  addText(value: string, found: Annotation[]): RunChange {
    const annotations = found.filter((annotation) => annotation.type !== 'url_citation');
    const last = this.content.at(-1);
    const isFirst = last?.type !== 'text';
    const part = isFirst ? { type: 'text' as const, text: { value: '', annotations: [] as WireAnnotation[] } } : last;
    if (isFirst) this.content.push(part);
    const firstIndex = part.text.annotations.length;
    part.text.value += value;
    part.text.annotations.push(...annotations.map(toWireAnnotation));
    const indexed = annotations.map((annotation, offset) => toDeltaAnnotation(firstIndex + offset, annotation));
    return this.delta({
      index: this.content.length - 1,
      type: 'text',
      text: { value, ...(isFirst || indexed.length > 0 ? { annotations: indexed } : {}) },
    });
  }

  addRefusal(text: string): RunChange {
    const last = this.content.at(-1);
    if (last?.type === 'refusal') last.refusal += text;
    else this.content.push({ type: 'refusal', refusal: text });
    return this.delta({ index: this.content.length - 1, type: 'refusal', refusal: text });
  }

  /** Null: complete. A message that was cut off before its first word has an empty text: programs read `content[0].text`. */
  finish(reason: IncompleteReason | 'run_cancelled' | 'run_failed' | 'run_expired' | null): RunChange {
    const now = this.context.now();
    const content = this.content.length > 0 ? this.content : [EMPTY_TEXT];
    this.record =
      reason === null
        ? { ...this.record, content, status: 'completed', completedAt: now }
        : { ...this.record, content, status: 'incomplete', incompleteReason: reason, incompleteAt: now };
    return { event: reason === null ? 'thread.message.completed' : 'thread.message.incomplete', message: this.record };
  }

  private delta(part: DeltaPart): RunChange {
    return { event: 'thread.message.delta', id: this.record.id, delta: { content: [part] } };
  }
}

/** A delta of a citation always bears a quote, the message only where there is one (openai-wire.md section 7). */
function toDeltaAnnotation(index: number, annotation: FileAnnotation): DeltaAnnotation {
  if (annotation.type === 'file_path') {
    return { index, type: 'file_path', ...placeOf(annotation), file_path: { file_id: annotation.fileId } };
  }
  const { fileId, quote } = annotation;
  return { index, ...placeOf(annotation), type: 'file_citation', file_citation: { file_id: fileId, quote } };
}

function toWireAnnotation(annotation: FileAnnotation): WireAnnotation {
  const { fileId } = annotation;
  if (annotation.type === 'file_path') {
    return { type: 'file_path', ...placeOf(annotation), file_path: { file_id: fileId } };
  }
  const quote = annotation.quote === '' ? {} : { quote: annotation.quote };
  return { type: 'file_citation', ...placeOf(annotation), file_citation: { file_id: fileId, ...quote } };
}

function placeOf({ text, startIndex, endIndex }: Annotation): { text: string; start_index: number; end_index: number } {
  return { text, start_index: startIndex, end_index: endIndex };
}
