import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AGENT_TYPES } from '@libs/agent';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ChatFormsService } from './chat-forms.service.js';
import { ChatService } from './chat.service.js';

@ApiTags('Chat')
@ApiBearerAuth()
@Controller('v1/chat/completions')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly forms: ChatFormsService,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({
    summary: 'Create a chat completion',
    description:
      'Passed on to the model server as it comes. With the extensions `file_ids` (also in messages), `execute_code`, `agent_type`, or tools that run here, an agent answers that works with them. With `session_id` the conversation goes on where it was. Forms take `files`, and always belong to a session.',
  })
  @ApiConsumes('application/json', 'multipart/form-data', 'application/x-www-form-urlencoded')
  @ApiBody({ schema: chatBodySchema() })
  async complete(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request & { rawBody?: Buffer },
    @Res() response: Response,
  ): Promise<void> {
    const parsed = await this.bodyOf(principal, request);
    await this.chat.complete(principal, { parsed, raw: request.rawBody ?? Buffer.alloc(0) }, response);
  }

  private async bodyOf(principal: Principal, request: Request): Promise<unknown> {
    if (request.is('multipart/form-data')) return this.forms.receive(principal, request);
    const body: unknown = request.body;
    return body instanceof URLSearchParams ? this.forms.read(body) : body;
  }
}

function chatBodySchema(): Record<string, unknown> {
  return {
    type: 'object',
    required: ['messages'],
    additionalProperties: true,
    properties: {
      model: { type: 'string' },
      messages: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } },
      stream: { type: 'boolean' },
      store: { type: 'boolean', description: 'Whether to keep the answer. Default false.' },
      metadata: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Kept with the answer where `store` is true; else the model server gets it.',
      },
      file_ids: { type: 'array', items: { type: 'string' }, description: 'Extension: files to work with.' },
      execute_code: {
        type: 'boolean',
        description:
          'Extension: whether the model may run Python. Default: with files, and with agents that use tools.',
      },
      agent_type: {
        type: 'string',
        enum: [...AGENT_TYPES],
        nullable: true,
        description: 'Extension: how the agent goes about the task.',
      },
      session_id: {
        type: 'string',
        nullable: true,
        description: 'Extension: the session that the conversation goes on in; `new` begins one.',
      },
      tools: {
        type: 'array',
        items: { type: 'object', additionalProperties: true },
        description:
          'Functions of the client and, as an extension, tools that run here: code_interpreter, file_search, calculator, web_search, mcp.',
      },
      tool_resources: {
        type: 'object',
        additionalProperties: true,
        description: 'Extension: `file_search.vector_store_ids`, the store that file_search searches.',
      },
    },
  };
}
