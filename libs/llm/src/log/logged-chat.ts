import type { ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { CallRecorder } from './call-recorder.js';
import type { ModelLog } from './model-log.js';

/** What is kept of one answer, in characters. */
const LONGEST_ANSWER = 256 * 1024;

interface Answer {
  text: string;
  reasoning: string;
  toolCalls: { name: string; arguments: string }[];
  finishReason: string | null;
  usage: unknown;
}

/** The model, with each of its turns in the log. */
export function loggedChat(chat: ChatModel, server: string, log: ModelLog): ChatModel {
  return {
    async *stream(request, options = {}) {
      const runId = options.context?.runId ?? null;
      if (!log.wants(runId)) {
        yield* chat.stream(request, options);
        return;
      }
      const recorder = new CallRecorder(log, { server, path: '/chat/completions', runId, request: asSent(request) });
      const answer: Answer = { text: '', reasoning: '', toolCalls: [], finishReason: null, usage: null };
      try {
        for await (const delta of chat.stream(request, options)) {
          addDelta(answer, delta);
          yield delta;
        }
        recorder.end(answer);
      } catch (error) {
        recorder.end(answer, error);
        throw error;
      } finally {
        recorder.end(answer, new Error('Its reader left.'));
      }
    },
  };
}

/** The log writes later, when an agent has already put its next messages into the same list. */
function asSent(request: ChatRequest): ChatRequest {
  return { ...request, messages: [...request.messages] };
}

function addDelta(answer: Answer, delta: ChatDelta): void {
  switch (delta.type) {
    case 'text':
    case 'refusal':
      answer.text = appended(answer.text, delta.text);
      break;
    case 'reasoning':
      answer.reasoning = appended(answer.reasoning, delta.text);
      break;
    case 'tool-call-start':
      answer.toolCalls[delta.index] = { name: delta.name, arguments: '' };
      break;
    case 'tool-call-arguments': {
      const call = answer.toolCalls[delta.index];
      if (call) call.arguments = appended(call.arguments, delta.fragment);
      break;
    }
    case 'finish':
      answer.finishReason = delta.reason;
      break;
    case 'usage':
      answer.usage = delta.usage;
      break;
  }
}

function appended(text: string, more: string): string {
  return text.length >= LONGEST_ANSWER ? text : text + more;
}
