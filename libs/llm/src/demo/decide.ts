import type { ChatRequest, FunctionDefinition } from '../ports/chat-model.js';
import { buildAnalysisProgram, MOST_FILES } from './analysis-program.js';
import { readAnalysisResult } from './analysis-result.js';
import { reportAnalysis } from './analysis-report.js';
import { filesInQuestion, filesWritten, readConversation, type Conversation, type ToolResult } from './conversation.js';
import { chooseFunctions } from './function-choice.js';
import { findCodeBlock, findExpression, isCalculation } from './python-requests.js';
import { valueForSchema } from './schema-values.js';
import { answerFromSources } from './search-answer.js';
import { readHints } from './text-hints.js';
import { DEMO_MODEL_ID, inline, quoteBlock, withNote } from './texts.js';

export interface PlannedCall {
  name: string;
  /** JSON. */
  arguments: string;
}

/** One turn of the demo program: a text, and calls after it. */
export interface Turn {
  text: string;
  calls: PlannedCall[];
}

const CODE_INTERPRETER = 'code_interpreter';
const FILE_SEARCH = 'file_search';
const LONGEST_QUERY = 1000;
/** Python's own words, and the lines in brackets that the engine adds to executions that it stopped. */
const FAILURE =
  /Traceback \(most recent call last\)|^(SyntaxError|IndentationError|TabError): |^\[(Timeout|Out of memory|Cancelled|Disk limit|Crashed)\] /m;

/**
 * What the demo program answers. Results of tools are reported and never lead to another call, so no
 * conversation can go round in circles.
 */
export function decideTurn(request: ChatRequest): Turn {
  const conversation = readConversation(request.messages);
  if (conversation.results.length > 0) return say(reportResults(conversation));
  return (
    planCode(request, conversation) ??
    planSearch(request, conversation) ??
    planFunctions(request, conversation) ??
    planJson(request, conversation) ??
    say(introduce(conversation.question))
  );
}

function say(text: string): Turn {
  return { text: withNote(text), calls: [] };
}

function planCode(request: ChatRequest, conversation: Conversation): Turn | undefined {
  const { toolChoice } = request;
  const offered = request.tools?.some(({ name }) => name === CODE_INTERPRETER) === true;
  const otherChosen = typeof toolChoice === 'object' && toolChoice.function.name !== CODE_INTERPRETER;
  if (!offered || toolChoice === 'none' || otherChosen) return undefined;
  const { question } = conversation;
  const block = findCodeBlock(question);
  if (block !== undefined) return runCode('I run your code.', block);
  const files = filesInQuestion(conversation);
  const expression = findExpression(question);
  if (expression !== undefined && (files.length === 0 || isCalculation(question))) {
    return runCode('I calculate that in Python.', `print(${expression})`);
  }
  if (files.length > 0) return runCode(announce(files), buildAnalysisProgram(files, question));
  const isForced = typeof toolChoice === 'object' || (toolChoice === 'required' && request.tools?.length === 1);
  return isForced
    ? runCode('There is nothing to compute here, so I greet.', `print(${JSON.stringify(DEMO_MODEL_ID)})`)
    : undefined;
}

/** Whatever is nothing to compute is looked for in the documents, where there are some. */
function planSearch({ tools, toolChoice }: ChatRequest, { question }: Conversation): Turn | undefined {
  const offered = tools?.some(({ name }) => name === FILE_SEARCH) === true;
  const otherChosen = typeof toolChoice === 'object' && toolChoice.function.name !== FILE_SEARCH;
  if (!offered || toolChoice === 'none' || otherChosen || question.trim() === '') return undefined;
  const queries = [question.slice(0, LONGEST_QUERY)];
  return { text: '', calls: [{ name: FILE_SEARCH, arguments: JSON.stringify({ queries }) }] };
}

function announce(files: readonly string[]): string {
  const names = files.slice(0, MOST_FILES).map((path) => inline(baseName(path)));
  const rest = files.length > MOST_FILES ? ` (the first ${MOST_FILES} of ${files.length} files)` : '';
  return `I am the Threadmill demo program. I profile ${names.join(', ')}${rest} with Python.`;
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function runCode(introduction: string, code: string): Turn {
  return { text: `${introduction}\n\n`, calls: [{ name: CODE_INTERPRETER, arguments: JSON.stringify({ code }) }] };
}

function planFunctions(request: ChatRequest, { question }: Conversation): Turn | undefined {
  const functions = chooseFunctions(request, question);
  if (functions.length === 0) return undefined;
  return { text: '', calls: functions.map((definition) => planCall(definition, question)) };
}

function planCall(definition: FunctionDefinition, question: string): PlannedCall {
  const schema = definition.parameters ?? { type: 'object' };
  return { name: definition.name, arguments: JSON.stringify(valueForSchema(schema, readHints(question))) };
}

function planJson({ responseFormat }: ChatRequest, { question }: Conversation): Turn | undefined {
  if (responseFormat?.type === 'json_schema') {
    const value = valueForSchema(responseFormat.json_schema.schema ?? { type: 'object' }, readHints(question));
    return { text: JSON.stringify(value), calls: [] };
  }
  if (responseFormat?.type !== 'json_object') return undefined;
  const value = { model: DEMO_MODEL_ID, note: 'Written by a demo program, not a language model.', question };
  return { text: JSON.stringify(value), calls: [] };
}

function introduce(question: string): string {
  const heard = question.trim() === '' ? '' : `You wrote:\n\n${quoteBlock(question)}\n\n`;
  return (
    `${heard}I understand no language. I can analyse table files with real Python, run a Python block or an ` +
    'arithmetic expression, and call the functions you offer. Set the address of a model server to talk to a model.'
  );
}

function reportResults({ results, question }: Conversation): string {
  return results.map((result) => reportResult(result, question)).join('\n\n');
}

function reportResult({ name, content, ...call }: ToolResult, question: string): string {
  if (name === FILE_SEARCH) {
    return answerFromSources(question, content) ?? 'I found nothing about that in the documents.';
  }
  if (name !== CODE_INTERPRETER) return `The function \`${inline(name)}\` answered:\n\n${quoteBlock(content)}`;
  const analysis = readAnalysisResult(content);
  if (analysis !== undefined) return reportAnalysis(analysis);
  const wasAnalysis = call.arguments.includes('profile_all(FILES');
  if (wasAnalysis || FAILURE.test(content)) {
    return `The code did not succeed, so I have no numbers to report. The sandbox said:\n\n${quoteBlock(content)}`;
  }
  const links = filesWritten(content).map((path) => `[Download ${inline(baseName(path))}](sandbox:${encodeURI(path)})`);
  const output =
    content.trim() === '' ? 'The code ran and printed nothing.' : `The code ran. Its output:\n\n${quoteBlock(content)}`;
  return [output, ...links].join('\n\n');
}
