import { assertNever, wellFormed } from '@libs/kernel';
import type { AgentEvent, AgentOutcome } from '../events.js';
import { sectionsIn, type Section } from '../protocols/tags/sections.js';
import { countCharacters } from '../text-stages/count-characters.js';
import { SANDBOX_LINK_PREFIX } from '../text-stages/file-links.js';
import type { AgentSession } from '../loop/agent-session.js';
import { textContent } from '../system-text.js';
import type { ReportOptions } from './report-options.js';

type MessageEnd = Extract<AgentEvent, { type: 'message-completed' }>;

/**
 * Passes on what an agent that speaks in tags does, and ends its last message with a list of files: a report of the whole
 * conversation, made then, is always among them.
 */
export async function* withReport(
  session: AgentSession,
  options: ReportOptions,
  events: AsyncGenerator<AgentEvent, AgentOutcome>,
): AsyncGenerator<AgentEvent, AgentOutcome> {
  const record = new ConversationRecord();
  let heldEnd: MessageEnd | null = null;
  let step = await events.next();
  while (!step.done) {
    if (heldEnd) yield heldEnd;
    heldEnd = null;
    record.note(step.value);
    if (step.value.type === 'message-completed') heldEnd = step.value;
    else yield step.value;
    step = await events.next();
  }
  if (heldEnd && step.value.type === 'completed') yield* tellReport(session, options, record, heldEnd.step);
  if (heldEnd) yield heldEnd;
  return step.value;
}

async function* tellReport(
  session: AgentSession,
  options: ReportOptions,
  record: ConversationRecord,
  step: number,
): AsyncGenerator<AgentEvent> {
  const name = `${options.prefix}_${timestamp(options.now?.() ?? new Date())}.md`;
  const earlier = session.input.messages.flatMap((message) =>
    message.role === 'assistant' ? answersIn(textContent(message)) : [],
  );
  const fileId = await options.save(name, record.report(earlier));
  session.input.files.set(name, fileId);
  yield { type: 'file-produced', step, name, fileId };
  const named = options.listsFiles ? [...record.files, { name, fileId }] : [{ name, fileId }];
  yield* fileBlock(step, record.lastTextLength, named);
}

function* fileBlock(
  step: number,
  start: number,
  files: readonly { name: string; fileId: string }[],
): Generator<AgentEvent> {
  let at = start;
  const say = (text: string, fileId?: string): AgentEvent => {
    const [startIndex, endIndex] = [at, at + countCharacters(text)];
    at = endIndex;
    const link = fileId === undefined ? [] : [{ type: 'file_path' as const, text, startIndex, endIndex, fileId }];
    return { type: 'text-delta', step, text, annotations: link };
  };
  yield say('\n<File>\n');
  for (const { name, fileId } of files) {
    yield say(`- [${escapeLabel(name)}](`);
    yield say(SANDBOX_LINK_PREFIX + encodeURI(wellFormed(name)), fileId);
    yield say(')\n');
  }
  yield say('</File>\n');
}

/** Names are the code's to choose: they must not end the link that shows them. */
function escapeLabel(name: string): string {
  return name.replace(/[\\[\]<>`]/g, '\\$&').replace(/[\r\n]/g, ' ');
}

/** As `20261128_023700`, in UTC. */
function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '_');
}

function answersIn(text: string): string[] {
  return sectionsIn(text).flatMap(({ tag, body }) => (tag === 'Answer' ? [body.trim()] : []));
}

/** What was said and done, in order. */
class ConversationRecord {
  readonly files: { name: string; fileId: string }[] = [];
  /** Characters of the last message so far. */
  lastTextLength = 0;
  private readonly sections: Section[] = [];
  private text = '';

  note(event: AgentEvent): void {
    switch (event.type) {
      case 'message-started':
        this.text = '';
        this.lastTextLength = 0;
        return;
      case 'text-delta':
        this.text += event.text;
        this.lastTextLength += countCharacters(event.text);
        return;
      case 'message-completed':
        this.sections.push(...sectionsIn(this.text));
        return;
      case 'tool-call-started':
        this.add('Code', '');
        return;
      case 'tool-call-delta':
        this.grow(event.fragment);
        return;
      case 'tool-call-completed':
        this.add('Execute', event.content);
        return;
      case 'file-produced':
        this.noteFile(event);
        return;
      case 'image-added':
      case 'refusal-delta':
      case 'reasoning-delta':
      case 'tool-output-delta':
      case 'tools-completed':
      case 'action-required':
      case 'usage-estimated':
      case 'finished':
        return;
      default:
        assertNever(event);
    }
  }

  report(earlierAnswers: readonly string[]): string {
    const answers = this.sections.flatMap(({ tag, body }) => (tag === 'Answer' ? [body.trim()] : []));
    const steps = this.sections.map(({ tag, body }, index) => `\n### Step ${index + 1}: ${tag}\n\n${body.trim()}\n`);
    const appendix = steps.join('') || '\n(No sections found.)\n';
    return `${[...earlierAnswers, ...answers].join('\n\n')}\n\n\\newpage\n\n# Appendix: Detailed Process\n${appendix}`;
  }

  private add(tag: string, body: string): void {
    this.sections.push({ tag, body });
  }

  private grow(fragment: string): void {
    const last = this.sections.at(-1);
    if (last) last.body += fragment;
  }

  private noteFile({ name, fileId }: { name: string; fileId: string }): void {
    const place = this.files.findIndex((file) => file.name === name);
    if (place >= 0) this.files[place] = { name, fileId };
    else this.files.push({ name, fileId });
  }
}
