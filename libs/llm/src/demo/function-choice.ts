import type { ChatRequest, FunctionDefinition } from '../ports/chat-model.js';

const CODE_INTERPRETER = 'code_interpreter';
/** Words of function names that say nothing about their subject. */
const EMPTY_WORDS = new Set([
  'get',
  'set',
  'fetch',
  'find',
  'list',
  'the',
  'for',
  'and',
  'run',
  'call',
  'current',
  'make',
]);

/** The functions to call for a question: the one demanded, else those whose names' words the question contains. */
export function chooseFunctions(request: ChatRequest, question: string): FunctionDefinition[] {
  const { toolChoice } = request;
  const tools = request.tools ?? [];
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.function.name).slice(0, 1);
  const callable = tools.filter(({ name }) => name !== CODE_INTERPRETER);
  const mentioned = callable.filter(({ name }) => isMentioned(name, question));
  const chosen = mentioned.length === 0 && toolChoice === 'required' ? callable.slice(0, 1) : mentioned;
  return request.parallelToolCalls === false ? chosen.slice(0, 1) : chosen;
}

/** `get_weather` is mentioned by "the weather"; every telling word of the name must occur. */
export function isMentioned(name: string, question: string): boolean {
  const text = question.toLowerCase();
  if (text.includes(name.toLowerCase())) return true;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word.length > 2 && !EMPTY_WORDS.has(word));
  return words.length > 0 && words.every((word) => text.includes(word));
}
