import type { SandboxEvent, SandboxStatus } from '../../ports/sandbox-provider.js';
import { OutputBudget } from '../../protocol/output-budget.js';
import { parsePath } from '../../workspace/file-name.js';
import { choiceOf, textOf, truthOf, wholeNumberOf, WireError, type Fields } from '../wire/checks.js';
import { printable } from '../wire/printable.js';
import { WIRE_LIMITS } from '../wire/wire.js';

const STATUSES = [
  ...(['ok', 'error', 'timeout', 'oom', 'cancelled', 'output_limit', 'disk_limit', 'crashed'] as const),
] satisfies readonly SandboxStatus[];
const MOST_NAMES = { image: 100, file: 1_000 };

/** Believes of a host's lines what a sound one could have sent, and no more of it than the call's limits allow. */
export class CallEvents {
  private readonly budget: OutputBudget;
  private readonly counts = { image: 0, file: 0 };

  constructor(maxOutputBytes: number) {
    this.budget = new OutputBudget(maxOutputBytes);
  }

  /** Undefined for what is to be passed over. */
  read(fields: Fields): SandboxEvent | undefined {
    try {
      return this.parse(fields);
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  private parse(fields: Fields): SandboxEvent | undefined {
    const type = choiceOf(fields, 'type', ['stdout', 'stderr', 'result', 'image', 'file', 'done']);
    switch (type) {
      case 'stdout':
      case 'stderr':
      case 'result': {
        const text = this.budget.take(textOf(fields, 'text', WIRE_LIMITS.lineBytes));
        return text === '' ? undefined : { type, text };
      }
      case 'image':
      case 'file': {
        this.counts[type] += 1;
        const name = fileNameOf(fields);
        if (name === undefined || this.counts[type] > MOST_NAMES[type]) return undefined;
        return type === 'image' ? { type, name } : { type, name, bytes: wholeNumberOf(fields, 'bytes') };
      }
      case 'done':
        return doneOf(fields);
    }
  }
}

function doneOf(fields: Fields): SandboxEvent {
  const told = fields['message'] === undefined ? '' : textOf(fields, 'message', WIRE_LIMITS.lineBytes);
  return {
    type: 'done',
    status: choiceOf(fields, 'status', STATUSES),
    stateLost: truthOf(fields, 'stateLost'),
    ...(told !== '' && { message: printable(told, WIRE_LIMITS.messageCharacters) }),
  };
}

/** Undefined for what cannot name a file of a workspace, such as a way out of it. */
export function fileNameOf(fields: Fields): string | undefined {
  try {
    const name = textOf(fields, 'name', WIRE_LIMITS.lineBytes);
    parsePath(name);
    return name;
  } catch {
    return undefined;
  }
}
