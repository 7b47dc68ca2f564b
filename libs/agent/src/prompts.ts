import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '@libs/kernel';

/** The places `{{name}}` that each prompt must have. A file of `prompts/` each. */
const PLACES = {
  'repair-answer': ['problem'],
  'answer-form': ['schema'],
  'answer-in-form': ['query', 'answer', 'form'],
  'empty-turn': [],
  'no-tools-now': [],
  'call-a-tool': [],
  'call-this-tool': ['name'],
  'unknown-tool': ['name'],
  'bad-arguments': ['name', 'problem'],
  'repeated-call': ['name', 'times'],
  'too-many-calls': ['most'],
  'react-system': ['tools', 'names'],
  'react-answer-now': [],
  'tags-instruction': ['instruction'],
  'tags-data': ['files'],
  'tags-execute-result': ['output'],
  'tags-continue': [],
  'tags-answer-now': [],
  'auto-router': ['query'],
  'plan-system': ['tools', 'max_steps'],
  'plan-retry': ['problem'],
  'plan-step': ['step', 'goal', 'description', 'expected', 'previous'],
  'plan-synthesis': ['query', 'goal', 'results'],
  'plan-continue': ['query', 'results', 'reason'],
  'plan-incomplete-note': ['missing'],
  'ultrawork-system': [],
  'ultrawork-verify': ['query', 'result'],
  'ultrawork-refine': ['query', 'feedback'],
} as const satisfies Record<string, readonly string[]>;

export type PromptName = keyof typeof PLACES;

const BUILT_IN = new URL('./prompts/', import.meta.url);

/** The texts that agents say to models. A file of the same name in a directory of the operator's stands in for ours. */
export class Prompts {
  private readonly texts: ReadonlyMap<PromptName, string>;

  /** Throws an Error that names every file which is no prompt, or lacks a place that its prompt must have. */
  constructor(directory?: string) {
    const own = directory === undefined ? new Map<string, string>() : readOwn(directory);
    const names = Object.keys(PLACES) as PromptName[];
    this.texts = new Map(names.map((name) => [name, own.get(name) ?? readBuiltIn(name)]));
    const problems = [
      ...[...own.keys()].flatMap(unknownProblem),
      ...names.flatMap((name) => placesProblem(name, this.get(name))),
    ];
    if (problems.length > 0) {
      throw new Error(`The prompts in ${directory ?? 'the product'} cannot be used:\n${problems.join('\n')}`);
    }
  }

  get(name: PromptName): string {
    return this.texts.get(name) ?? '';
  }

  /** Values are put in as they are: what they contain is never filled again. */
  fill(name: PromptName, values: Readonly<Record<string, string | number>>): string {
    return this.get(name).replace(PLACE, (place, key: string) => String(values[key] ?? place));
  }
}

const PLACE = /\{\{(\w+)\}\}/g;

function readBuiltIn(name: PromptName): string {
  return readFileSync(new URL(`${name}.md`, BUILT_IN), 'utf8').trimEnd();
}

function readOwn(directory: string): Map<string, string> {
  try {
    const files = readdirSync(directory).filter((file) => file.endsWith('.md'));
    return new Map(files.map((file) => [file.slice(0, -3), readFileSync(join(directory, file), 'utf8').trimEnd()]));
  } catch (error) {
    throw new Error(`The directory of prompts cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}

function unknownProblem(name: string): string[] {
  return Object.hasOwn(PLACES, name)
    ? []
    : [`- ${name}.md: there is no prompt of this name. There are: ${Object.keys(PLACES).join(', ')}`];
}

function placesProblem(name: PromptName, text: string): string[] {
  const present = [...text.matchAll(PLACE)].map(([, place = '']) => place);
  const expected: readonly string[] = PLACES[name];
  const missing = expected.filter((place) => !present.includes(place));
  const unknown = present.filter((place) => !expected.includes(place));
  return [
    ...missing.map((place) => `- ${name}.md: lacks the place {{${place}}}`),
    ...unknown.map((place) => `- ${name}.md: nothing fills the place {{${place}}}`),
  ];
}

/** The product's own. */
export const BUILT_IN_PROMPTS = new Prompts();
