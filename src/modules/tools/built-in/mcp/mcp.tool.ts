import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import { errorMessage, PublicError } from '@libs/kernel';
import { invalidRequest } from '@libs/openai-wire';
import type { Tool as McpToolDefinition } from '@modelcontextprotocol/sdk/types.js';
import { CONFIG } from '../../../../common/config.token.js';
import type { TenantScope } from '../../../../common/principal.js';
import { arrayProblem, textProblem } from '../../../../common/validation/index.js';
import { BuiltInTool, type ToolOptions } from '../built-in-tool.js';
import { checkOptions } from '../tool-options.js';
import { AnswerTooLargeError } from './answer-limit.js';
import { McpConnection } from './mcp-connection.js';
import { mcpResultText } from './mcp-result.js';
import { mcpToolName } from './mcp-tool-name.js';

/** Of one server, that a model is told of. */
const MOST_TOOLS = 128;
const LONGEST_DESCRIPTION = 4000;

interface AllowedServer {
  projects: readonly string[] | null;
  connection: McpConnection;
}

/** Tools of MCP servers (https://modelcontextprotocol.io) that the administrator allows, by their labels. */
@Injectable()
export class McpTool extends BuiltInTool implements OnApplicationShutdown {
  readonly name = 'mcp';
  private readonly logger = new Logger('Mcp');
  private readonly servers: ReadonlyMap<string, AllowedServer>;

  constructor(@Inject(CONFIG) config: Pick<Config, 'MCP_CONFIG'>) {
    super();
    this.servers = new Map(
      config.MCP_CONFIG.map((settings) => [
        settings.label,
        { projects: settings.projects, connection: new McpConnection(settings) },
      ]),
    );
  }

  check(scope: TenantScope, options: ToolOptions, path: string): void {
    const place = `${path}.server_label`;
    if (options['server_label'] === undefined || options['server_label'] === null) {
      throw invalidRequest(`Missing required parameter: '${place}'.`, place, 'missing_required_parameter');
    }
    checkOptions(options, path, {
      server_label: (value) => textProblem(value, { min: 1, max: 32 }),
      allowed_tools: (value) =>
        arrayProblem(value, { max: MOST_TOOLS }, (item) => textProblem(item, { min: 1, max: 128 })),
    });
    this.find(scope, labelOf(options), place);
  }

  async open(scope: TenantScope, options: ToolOptions): Promise<Tool[]> {
    const label = labelOf(options);
    const { connection } = this.find(scope, label, 'tools');
    const allowed = Array.isArray(options['allowed_tools']) ? (options['allowed_tools'] as string[]) : null;
    const definitions = await this.toolsOf(label, connection);
    const taken = new Set<string>();
    return definitions
      .filter(({ name }) => allowed?.includes(name) ?? true)
      .slice(0, MOST_TOOLS)
      .map((definition) => {
        const name = mcpToolName(label, definition.name, taken);
        taken.add(name);
        return toTool(name, definition, connection);
      });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.servers.values()].map(({ connection }) => connection.close()));
  }

  /** One text for labels that do not exist and those of other projects. */
  private find({ projectId }: TenantScope, label: string, param: string): AllowedServer {
    const server = this.servers.get(label);
    if (server && (server.projects?.includes(projectId) ?? true)) return server;
    throw invalidRequest(`The administrator allows no MCP server named '${label}'.`, param, 'invalid_value');
  }

  private async toolsOf(label: string, connection: McpConnection): Promise<McpToolDefinition[]> {
    try {
      return await connection.tools();
    } catch (error) {
      this.logger.warn({ server: label, err: error }, 'An MCP server could not be asked for its tools.');
      const why = error instanceof AnswerTooLargeError ? `cannot be used: ${error.message}` : 'does not answer.';
      throw new PublicError(`The MCP server '${label}' ${why}`, { cause: error });
    }
  }
}

function labelOf(options: ToolOptions): string {
  return String(options['server_label']);
}

function toTool(
  name: string,
  { name: serverName, description, inputSchema }: McpToolDefinition,
  server: McpConnection,
): Tool {
  return {
    kind: 'function',
    definition: {
      name,
      ...(description === undefined ? {} : { description: description.slice(0, LONGEST_DESCRIPTION) }),
      parameters: { ...inputSchema },
    },
    execute: (call, signal) => execute(call, serverName, server, signal),
  };
}

async function* execute(
  call: ToolCall,
  name: string,
  server: McpConnection,
  signal: AbortSignal,
): AsyncGenerator<ToolEvent> {
  const toolArguments = call.arguments.trim() === '' ? {} : parseObject(call.arguments);
  if (!toolArguments) {
    yield { type: 'result', content: 'The arguments must be a JSON object.' };
    return;
  }
  yield { type: 'result', content: await callServer(name, toolArguments, server, signal) };
}

async function callServer(
  name: string,
  toolArguments: Record<string, unknown>,
  server: McpConnection,
  signal: AbortSignal,
): Promise<string> {
  try {
    return mcpResultText(await server.call(name, toolArguments, signal));
  } catch (error) {
    signal.throwIfAborted();
    return `The tool failed: ${errorMessage(error)}`;
  }
}
