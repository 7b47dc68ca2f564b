import type { ServerResponse } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { WireError, type Metadata } from '@libs/openai-wire';
import type { ModelGateway, ModelSettings } from '@libs/llm';
import type { Response } from 'express';
import { clientLeft, SseResponse, traceParentOf } from '../../common/http/index.js';
import type { TenantScope } from '../../common/principal.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { SessionsService } from '../sessions/index.js';
import { toChunk, toCompletion, toLastChunk, toUsageChunk } from './chat-answer.js';
import { readChatBody, type ChatBody } from './chat-body.js';
import { ChatEngine, type ChatEnd, type ChatTurn } from './chat-engine.js';
import { forwardAnswer, type Forward, type ForwardTap } from './chat-forward.js';
import { inlineMedia, namesMedia } from './chat-media.js';
import { ChatMessageBuilder } from './chat-presenter.js';
import { openSession, type ChatSession } from './chat-session.js';
import type { CompletionRecording } from './stored/completion-recording.js';
import { ForwardRecorder } from './stored/forward-recorder.js';
import { StoredCompletionsService } from './stored/stored-completions.service.js';

/** A request as it arrived: parsed, and byte for byte. */
export interface ChatRequestBody {
  parsed: unknown;
  raw: Buffer;
}

const DONE = { data: '[DONE]' };

@Injectable()
export class ChatService {
  private readonly logger = new Logger('Chat');

  constructor(
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    private readonly engine: ChatEngine,
    private readonly storedCompletions: StoredCompletionsService,
    private readonly sessions: SessionsService,
  ) {}

  async complete(scope: TenantScope, { parsed, raw }: ChatRequestBody, response: Response): Promise<void> {
    const asked = readChatBody(parsed);
    const left = clientLeft(response);
    const messages = await inlineMedia(asked.plain.messages, left);
    const sent = messages === asked.plain.messages ? asked : { ...asked, plain: { ...asked.plain, messages } };
    const { sessionId } = sent;
    const { body, session } =
      sessionId === undefined ? { body: sent } : await openSession(this.sessions, scope, sessionId, sent);
    const model = body.model ?? (await this.models.defaultModel());
    const server = await this.models.resolve(model);
    if (left.aborted) return;
    const recording = body.store ? this.record(scope, body, body.store.metadata, model) : undefined;
    if (server.forward && !asksForAgent(body) && !needsHelp(this.models.settings(model), body)) {
      const bytes = isUntouched(asked) ? raw : Buffer.from(JSON.stringify({ ...body.plain, model }));
      await this.forward(server.forward, bytes, response, recording && new ForwardRecorder(recording));
      return;
    }
    const client = { left, traceparent: traceParentOf(response.req) };
    const turn = await this.engine.start(scope, { body, server, model, session }, client);
    const keeping = { recording, session };
    await (body.stream ? this.stream(body, turn, response, keeping) : this.answer(turn, response, keeping));
  }

  /**
   * Where a request can go just as it came, with nothing to be asked first. Undefined where anything has to be done about
   * it: then it is for `complete`. Throws as `complete` for one that is not valid.
   */
  passThrough(parsed: unknown): Forward | undefined {
    const body = readChatBody(parsed);
    if (!isUntouched(body) || needsHelp(this.models.settings(body.model), body)) return undefined;
    return this.models.known(body.model)?.forward;
  }

  /** Passes the body on and the answer back. Rejects when the model server fails. */
  forward(forward: Forward, body: Buffer, response: ServerResponse, tap?: ForwardTap): Promise<void> {
    return forwardAnswer(forward, { path: '/chat/completions', body }, response, tap);
  }

  private record(scope: TenantScope, body: ChatBody, metadata: Metadata, model: string): CompletionRecording {
    return this.storedCompletions.record(scope, { model, metadata, messages: body.plain.messages });
  }

  private async answer({ head, deltas }: ChatTurn, response: Response, keeping: Keeping): Promise<void> {
    const message = new ChatMessageBuilder();
    let step = await deltas.next();
    while (!step.done) {
      message.add(step.value);
      step = await deltas.next();
    }
    if (response.destroyed) return;
    if (step.value.failure !== null) throw step.value.failure;
    const said = message.build();
    await keeping.session?.keep(said, step.value.lastCodeCall);
    const completion = toCompletion(head, said, step.value);
    await keeping.recording?.save(completion);
    response.status(200).json(completion);
  }

  private async stream(
    body: ChatBody,
    { head, deltas }: ChatTurn,
    response: Response,
    keeping: Keeping,
  ): Promise<void> {
    const message = keeping.recording || keeping.session ? new ChatMessageBuilder() : undefined;
    // The first delta decides between an error's status and a stream.
    let step = await deltas.next();
    if (step.done && step.value.failure !== null) throw step.value.failure;
    const sse = new SseResponse(response);
    const send = (chunk: Record<string, unknown>): Promise<void> => sse.send({ data: JSON.stringify(chunk) });
    await send(toChunk(head, { role: 'assistant', content: '' }));
    while (!step.done) {
      message?.add(step.value);
      await send(toChunk(head, step.value));
      step = await deltas.next();
    }
    const end =
      message && !response.destroyed ? await this.keep(message.build(), head, step.value, keeping) : step.value;
    await this.endStream(body, head, end, send);
    await sse.send(DONE);
    sse.end();
  }

  /** Keeps what was streamed. Gives how it ended: with a failure, where it could not be kept. */
  private async keep(
    said: Record<string, unknown>,
    head: ChatTurn['head'],
    end: ChatEnd,
    { recording, session }: Keeping,
  ): Promise<ChatEnd> {
    await recording?.save(end.failure === null ? toCompletion(head, said, end) : undefined);
    if (!session || end.failure !== null) return end;
    try {
      await session.keep(said, end.lastCodeCall);
      return end;
    } catch (error) {
      if (!(error instanceof WireError)) this.logger.error(error);
      const sorry = new WireError(500, 'The answer could not be kept in its session.');
      return { ...end, failure: error instanceof WireError ? error : sorry };
    }
  }

  private async endStream(
    body: ChatBody,
    head: ChatTurn['head'],
    end: ChatEnd,
    send: (chunk: Record<string, unknown>) => Promise<void>,
  ): Promise<void> {
    if (end.failure !== null) {
      await send({ ...end.failure.toBody() });
      return;
    }
    await send(toLastChunk(head, end.reason, end.extensions));
    if (body.includeUsage) await send(toUsageChunk(head, end.usage));
  }
}

/** Who keeps an answer. */
interface Keeping {
  recording: CompletionRecording | undefined;
  session: ChatSession | undefined;
}

function asksForAgent({ fileIds, executeCode, agentType, sessionId, namesServerTools }: ChatBody): boolean {
  return (
    fileIds.length > 0 || executeCode === true || agentType !== undefined || sessionId !== undefined || namesServerTools
  );
}

/** Such a request is passed on byte for byte. */
function isUntouched(body: ChatBody): body is ChatBody & { model: string } {
  return !body.extended && !body.store && body.model !== undefined && !namesMedia(body.plain.messages);
}

/**
 * Whether the administrator said how the model thinks or calls tools, and the request has to do with that: then it takes
 * more than its server to answer in OpenAI's dialect.
 */
function needsHelp({ protocol, thinksFirst }: ModelSettings, { tools }: ChatBody): boolean {
  return thinksFirst === true || (protocol !== undefined && tools.length > 0);
}
