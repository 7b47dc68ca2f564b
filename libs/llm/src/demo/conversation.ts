import type { ChatMessage } from '../ports/chat-model.js';

/** A tool call that was answered since the user last spoke. */
export interface ToolResult {
  name: string;
  /** As the call had them; empty where the call is not in the conversation. */
  arguments: string;
  content: string;
}

/** What the demo program looks at in a conversation. */
export interface Conversation {
  /** The user's last message, as text. */
  question: string;
  /** Results at the very end of the conversation; empty when it is a new question. */
  results: ToolResult[];
  /** Paths in the workspace, in the order they were named. */
  files: string[];
}

const LISTED_FILE = /^[ \t]*[-*]?[ \t]*(\/mnt\/data\/.+?) \(\d+ bytes\)[ \t]*$/gm;
const MENTIONED_FILE = /\/mnt\/data\/[^\s"'`()<>,;]{1,255}\.\w{1,16}/g;
const OWN_OUTPUT = /_(summary\.csv|chart\.png)$/;

/** Reads the conversation once. Content is the users' and thus hostile: it is only ever matched and quoted. */
export function readConversation(messages: readonly ChatMessage[]): Conversation {
  const question = messages.findLast((message) => message.role === 'user');
  return {
    question: question === undefined ? '' : messageText(question),
    results: readResults(messages),
    files: findFiles(messages),
  };
}

/** The text of a message; other parts are left out. */
export function messageText(message: ChatMessage): string {
  const { content } = message;
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function readResults(messages: readonly ChatMessage[]): ToolResult[] {
  const lastOther = messages.findLastIndex((message) => message.role !== 'tool');
  const asking = messages[lastOther];
  const calls = asking?.role === 'assistant' ? (asking.tool_calls ?? []) : [];
  return messages.slice(lastOther + 1).flatMap((message) => {
    if (message.role !== 'tool') return [];
    const call = calls.find(({ id }) => id === message.tool_call_id);
    const called = call?.type === 'function' ? call.function : { name: 'tool', arguments: '' };
    return [{ name: called.name, arguments: called.arguments, content: messageText(message) }];
  });
}

/**
 * Files as the engine lists them (`- /mnt/data/sales.csv (12345 bytes)`), else as anybody else writes their paths.
 * What earlier analyses left behind is not analysed again.
 */
function findFiles(messages: readonly ChatMessage[]): string[] {
  const spoken = messages.filter(({ role }) => role === 'system' || role === 'developer' || role === 'user');
  const text = spoken.map(messageText).join('\n');
  const listed = [...text.matchAll(LISTED_FILE)].map((match) => match[1] ?? '');
  const found = listed.length > 0 ? listed : (text.match(MENTIONED_FILE) ?? []);
  return [...new Set(found)].filter((path) => !OWN_OUTPUT.test(path));
}

/** The files that a report of a tool lists as written. */
export function filesWritten(report: string): string[] {
  return [...report.matchAll(LISTED_FILE)].map((match) => match[1] ?? '');
}

/** The files that the question names, or all of them where it names none. */
export function filesInQuestion({ files, question }: Conversation): string[] {
  const asked = question.toLowerCase();
  const named = files.filter((path) => asked.includes((path.split('/').at(-1) ?? path).toLowerCase()));
  return named.length > 0 ? named : files;
}
