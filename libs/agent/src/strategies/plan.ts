import { isObject, parseLeniently } from '../written-calls/parse-leniently.js';

export interface PlanStep {
  description: string;
  /** Null: the model alone. */
  tool: string | null;
  expected: string;
}

export interface Plan {
  goal: string;
  steps: PlanStep[];
}

/** The plan in a model's answer, with so many steps at most; else what is wrong with it. */
export function readPlan(answer: string, mostSteps: number): Plan | string {
  const start = answer.indexOf('{');
  if (start < 0) return 'There is no JSON in it.';
  const value = parseLeniently(withoutFence(answer.slice(start)));
  if (!isObject(value)) return 'It is not JSON of an object.';
  const listed: unknown = value['plan'] ?? value['steps'];
  const steps = Array.isArray(listed) ? listed.flatMap(readStep).slice(0, mostSteps) : [];
  if (steps.length === 0) return 'It has no list "plan" of steps with a "description" each.';
  return { goal: textOf(value['goal']), steps };
}

function withoutFence(text: string): string {
  const fence = text.lastIndexOf('```');
  return fence < 0 ? text.slice(0, text.lastIndexOf('}') + 1) || text : text.slice(0, fence);
}

function readStep(step: unknown): PlanStep[] {
  if (typeof step === 'string') return [{ description: step, tool: null, expected: '' }];
  if (!isObject(step)) return [];
  const description = textOf(step['description']);
  const tool = textOf(step['tool']);
  if (description === '') return [];
  const isNone = tool === '' || /^(?:null|none)$/i.test(tool);
  return [{ description, tool: isNone ? null : tool, expected: textOf(step['expected_outcome']) }];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

export interface StepResult {
  description: string;
  result: string;
  hasFailed: boolean;
}

export function describeResults(results: readonly StepResult[]): string {
  const listed = results.map(
    ({ description, result, hasFailed }, index) =>
      `Step ${index + 1}${hasFailed ? ' (failed)' : ''}: ${description}\n${result.trim() || '(nothing)'}`,
  );
  return listed.length === 0 ? '(none yet)' : listed.join('\n\n');
}

export interface Synthesis {
  isFinished: boolean;
  answer: string;
  /** What the model says is missing. */
  missing: string;
}

const VERDICT = /^[\s*`#]*FINISHED\s*=\s*(true|false)[*`]*[ \t]*\n?/i;
const MISSING = /(?:^|\n)[\s*#]*MISSING[*]*:[*]*\s*([\s\S]*)$/i;

/** An answer without a verdict is taken for a finished one. */
export function readSynthesis(text: string): Synthesis {
  const verdict = VERDICT.exec(text);
  const isFinished = verdict?.[1]?.toLowerCase() !== 'false';
  const body = text.slice(verdict?.[0].length ?? 0).trim();
  const missing = isFinished ? null : MISSING.exec(body);
  return {
    isFinished,
    answer: missing ? body.slice(0, missing.index).trim() : body,
    missing: missing?.[1]?.trim() ?? '',
  };
}
