import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult, Tool as McpToolDefinition } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerSettings } from '@config';
import { AnswerTooLargeError, isTooLarge, MOST_ANSWER_BYTES } from './answer-limit.js';
import { transportOf } from './mcp-transport.js';

const CONNECT_TIMEOUT_MS = 15_000;
/** For all pages of a list together. */
const LIST_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 120_000;
/** For which a list of tools is taken as true. */
const LIST_LIFETIME_MS = 60_000;
/** A server's list has no end of its own: one may send page after page for ever. */
const MOST_PAGES = 100;
const MOST_LISTED = 5000;

/**
 * One MCP server, connected with the first use and again after it went away. Its calls run beside each other, for every
 * project that may use it.
 */
export class McpConnection {
  #client: Promise<Client> | null = null;
  #tools: { at: number; list: McpToolDefinition[] } | null = null;
  readonly #asked = new WeakMap<Client, Set<Promise<unknown>>>();
  /** Those whose connection ended with an answer that was too large. */
  readonly #flooded = new WeakSet<Client>();

  constructor(private readonly settings: McpServerSettings) {}

  /** The tools that the administrator allows. Throws where the server does not answer. */
  async tools(): Promise<McpToolDefinition[]> {
    if (this.#tools && Date.now() - this.#tools.at < LIST_LIFETIME_MS) return this.#tools.list;
    const all = await this.#ask(listTools);
    const list = all.filter(({ name }) => this.settings.tools?.includes(name) ?? true);
    this.#tools = { at: Date.now(), list };
    return list;
  }

  /** @param signal tells the server that nobody waits any more */
  call(name: string, toolArguments: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    const request = { name, arguments: toolArguments };
    const options = { signal, timeout: CALL_TIMEOUT_MS };
    return this.#ask(async (client) => (await client.callTool(request, undefined, options)) as CallToolResult);
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    this.#forget(client);
    await client.then((connected) => connected.close()).catch(() => undefined);
  }

  /** Asks again, once, where the server did not take the request because its session ended: it was started anew. */
  async #ask<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const connecting = this.#connected();
    const client = await connecting;
    const asked = this.#asked.get(client) ?? new Set();
    this.#asked.set(client, asked);
    const answer = work(client);
    asked.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (this.#flooded.has(client)) throw new AnswerTooLargeError();
      if (!isSessionOver(client, error)) throw error;
      this.#forget(connecting);
      // Closed at once, it would lose the answers that others wait for.
      void Promise.allSettled(asked)
        .then(() => client.close())
        .catch(() => undefined);
      return await work(await this.#connected());
    } finally {
      asked.delete(answer);
    }
  }

  #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const connecting: Promise<Client> = this.#connect(() => this.#forget(connecting)).catch((error: unknown) => {
      this.#forget(connecting);
      throw error;
    });
    this.#client = connecting;
    return connecting;
  }

  /** The end of an earlier client, which may come late, must not lose the one that is there now. */
  #forget(client: Promise<Client>): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#tools = null;
  }

  async #connect(onclose: () => void): Promise<Client> {
    // Loaded with the first use: most installations have no MCP server, and it would cost their starts.
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const client = new Client({ name: 'threadmill', version: '1' });
    const flooded = (): void => {
      this.#flooded.add(client);
      // Whoever waits for an answer of it hears that there will be none.
      void client.close().catch(() => undefined);
    };
    client.onclose = onclose;
    client.onerror = (error) => {
      if (isTooLarge(error)) flooded();
    };
    try {
      await client.connect(await transportOf(this.settings, flooded), { timeout: CONNECT_TIMEOUT_MS });
    } catch (error) {
      throw this.#flooded.has(client) ? new AnswerTooLargeError() : error;
    }
    return client;
  }
}

async function listTools(client: Client): Promise<McpToolDefinition[]> {
  const all: McpToolDefinition[] = [];
  const options = { signal: AbortSignal.timeout(LIST_TIMEOUT_MS), timeout: LIST_TIMEOUT_MS };
  let cursor: string | undefined;
  let size = 0;
  for (let pages = 0; pages < MOST_PAGES && all.length < MOST_LISTED; pages += 1) {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, options);
    size += JSON.stringify(page.tools).length;
    if (size > MOST_ANSWER_BYTES) throw new AnswerTooLargeError();
    all.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return all.slice(0, MOST_LISTED);
}

/**
 * Whether a server refused a request because it knows its session no more: status 404 by the specification
 * (https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#session-management); servers made with the
 * official SDK also say 400. The SDK's client keeps the session all the same and is of no further use.
 */
function isSessionOver(client: Client, error: unknown): boolean {
  if (client.transport?.sessionId === undefined || !(error instanceof Error) || !('code' in error)) return false;
  return error.code === 404 || (error.code === 400 && /session|not initialized/i.test(error.message));
}
