import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server.js';
import { answerChat, answerNative, failAsScripted, sendJson, sendStream } from './answer-chat.js';
import { templateProblem, type ChatTemplate } from './chat-template.js';
import { LLAMACPP_PROFILE } from './llamacpp-profile.js';
import { pullLines } from './ollama-native.js';
import { OLLAMA_PROFILE } from './ollama-profile.js';
import type { NativeChat, Profile, ProfileName } from './profile.js';
import { Script, type ScriptedRequestBody, type ScriptedTurn } from './script.js';
import { VLLM_PROFILE } from './vllm-profile.js';

export const PROFILES: Record<ProfileName, Profile> = {
  vllm: VLLM_PROFILE,
  ollama: OLLAMA_PROFILE,
  llamacpp: LLAMACPP_PROFILE,
};

const COMPLETIONS = new Set(['POST /v1/chat/completions', 'POST /v1/completions']);

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** The client went away before the answer was complete. */
  closedEarly: boolean;
  completed: boolean;
}

export interface ImitationOptions {
  profile?: ProfileName;
  script?: ScriptedTurn[];
  /** 0: any free one. */
  port?: number;
  /** Requests without it get 401. */
  apiKey?: string;
  /** Of its model. Absent: one that takes every conversation. */
  template?: ChatTemplate;
}

/** An imitation of a model server. Paths that begin with `/__` do over HTTP what the methods do. */
export class ImitationModelServer extends LoopbackServer {
  readonly requests: RecordedRequest[] = [];
  readonly #profile: Profile;
  readonly #script: Script;
  #apiKey: string | undefined;
  #template: ChatTemplate | undefined;
  readonly #pulled = new Set<string>();

  constructor(options: ImitationOptions = {}) {
    super(options.port);
    this.#apiKey = options.apiKey;
    this.#template = options.template;
    this.#profile = PROFILES[options.profile ?? 'vllm'];
    this.#script = new Script(options.script);
  }

  /** The one model it has. */
  get model(): string {
    return this.#profile.model;
  }

  /** Chat completions only. */
  get chats(): RecordedRequest[] {
    return this.requests.filter(({ path }) => path === '/v1/chat/completions' || path === this.#profile.native?.path);
  }

  setScript(turns: ScriptedTurn[]): void {
    this.#script.set(turns);
  }

  /** Forgets its script, what it was asked and what it pulled. */
  reset({ apiKey, template }: Pick<ImitationOptions, 'apiKey' | 'template'> = {}): void {
    this.#apiKey = apiKey;
    this.#template = template;
    this.#script.set([]);
    this.#pulled.clear();
    this.requests.length = 0;
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parse(await readAll(request));
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const route = `${request.method ?? 'GET'} ${path}`;
    if (path.startsWith('/__')) return this.#control(response, route, body);
    this.#record(request, response, path, body);
    if (this.#apiKey !== undefined && request.headers.authorization !== `Bearer ${this.#apiKey}`) {
      return sendJson(response, 401, { error: 'Unauthorized' });
    }
    const { native } = this.#profile;
    if (native !== undefined && route === `POST ${native.path}`) return this.#native(response, native, body);
    if (route === 'POST /api/pull' && native !== undefined) return this.#pull(response, body as { model: string });
    await (COMPLETIONS.has(route) ? this.#chat(response, path, body) : this.#other(response, route, path, body));
  }

  #control(response: ServerResponse, route: string, body: unknown): void {
    if (route === 'POST /__script') this.setScript(body as ScriptedTurn[]);
    if (route === 'POST /__reset') this.reset(body as ImitationOptions);
    sendJson(response, 200, this.requests);
  }

  /** Ollama: server/routes.go, PullHandler. A turn for the path says how it ends; then, or else, the model is there. */
  async #pull(response: ServerResponse, body: { model: string }): Promise<void> {
    const turn = this.#script.takeFor(body, '/api/pull') ?? {};
    const frames = pullLines(turn).map((line) => `${JSON.stringify(line)}\n`);
    await sendStream(response, turn, frames, 'application/x-ndjson');
    if (turn.error === undefined && turn.cut === undefined) this.#pulled.add(body.model);
  }

  async #other(response: ServerResponse, route: string, path: string, body: unknown): Promise<void> {
    const answer = this.#profile.routes[route];
    if (answer === undefined) return sendJson(response, 404, { detail: 'Not Found' });
    const asked = (body ?? {}) as ScriptedRequestBody;
    if (asked.model !== undefined && this.#refusesModel(asked.model)) {
      return sendJson(response, 404, this.#profile.unknownModel(asked.model));
    }
    const turn = this.#script.takeFor(asked, path);
    const hasFailed = turn !== undefined && (await failAsScripted(response, this.#profile, turn));
    if (hasFailed) return;
    const plain = answer(body);
    response.writeHead(plain.status, { 'content-type': plain.contentType });
    response.end(plain.body);
  }

  async #chat(response: ServerResponse, path: string, body: unknown): Promise<void> {
    const asked = (body ?? {}) as Partial<ScriptedRequestBody>;
    const refusal = path === '/v1/completions' ? undefined : this.#profile.refuse(asked);
    if (refusal !== undefined) return sendJson(response, refusal.status, refusal.body);
    const complete = asked as ScriptedRequestBody;
    if (this.#refusesModel(complete.model)) {
      return sendJson(response, 404, this.#profile.unknownModel(complete.model));
    }
    const problem = this.#template && templateProblem(this.#template, complete.messages);
    if (problem !== undefined) {
      // llama.cpp: format_error_response with ERROR_TYPE_SERVER for what the template raises.
      const status = this.#profile.name === 'llamacpp' ? 500 : 400;
      return sendJson(response, status, this.#profile.error(status, problem));
    }
    await answerChat(response, this.#profile, this.#script.take(complete, path), complete);
  }

  async #native(response: ServerResponse, native: NativeChat, body: unknown): Promise<void> {
    const asked = (body ?? {}) as Partial<ScriptedRequestBody>;
    const refusal = native.refuse(asked);
    if (refusal !== undefined) return sendJson(response, refusal.status, refusal.body);
    const complete = asked as ScriptedRequestBody;
    if (this.#refusesModel(complete.model)) return sendJson(response, 404, native.unknownModel(complete.model));
    await answerNative(response, native, this.#script.take(complete, native.path), complete);
  }

  #refusesModel(model: string): boolean {
    return this.#profile.checksModel && model !== this.#profile.model && !this.#pulled.has(model);
  }

  #record(request: IncomingMessage, response: ServerResponse, path: string, body: unknown): void {
    const record: RecordedRequest = {
      method: request.method ?? 'GET',
      path,
      headers: request.headers,
      body,
      closedEarly: false,
      completed: false,
    };
    this.requests.push(record);
    response.on('finish', () => (record.completed = true));
    response.on('close', () => (record.closedEarly = !response.writableFinished));
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
