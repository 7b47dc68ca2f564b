import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../common/marks.js';
import { COMPLETIONS, EMBEDDINGS, RERANK, type PassThroughRoute } from './pass-through-routes.js';
import { PassThroughService } from './pass-through.service.js';

type RawRequest = Request & { rawBody?: Buffer };

@ApiTags('Models')
@ApiBearerAuth()
@Controller('v1')
@RequireScope('chat:write')
export class PassThroughController {
  constructor(private readonly service: PassThroughService) {}

  @Post('completions')
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({ summary: 'Create a completion (legacy)', description: 'Passed on to the model server as it comes.' })
  @ApiBody({ schema: bodySchema({ model: { type: 'string' }, prompt: {}, stream: { type: 'boolean' } }, ['prompt']) })
  completions(@Req() request: RawRequest, @Res() response: Response): Promise<void> {
    return this.pass(COMPLETIONS, request, response);
  }

  @Post('embeddings')
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({ summary: 'Create embeddings', description: 'Passed on to the model server as it comes.' })
  @ApiBody({ schema: bodySchema({ model: { type: 'string' }, input: {} }, ['model', 'input']) })
  embeddings(@Req() request: RawRequest, @Res() response: Response): Promise<void> {
    return this.pass(EMBEDDINGS, request, response);
  }

  @Post('rerank')
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({
    summary: 'Extension: score documents by a query',
    description:
      'Passed on to the model server as it comes: the interface of Jina and Cohere, which vLLM and llama.cpp have.',
  })
  @ApiBody({
    schema: bodySchema(
      {
        model: { type: 'string' },
        query: { type: 'string' },
        documents: { type: 'array', items: {} },
        top_n: { type: 'integer' },
      },
      ['model', 'query', 'documents'],
    ),
  })
  rerank(@Req() request: RawRequest, @Res() response: Response): Promise<void> {
    return this.pass(RERANK, request, response);
  }

  private pass(route: PassThroughRoute, request: RawRequest, response: Response): Promise<void> {
    return this.service.pass(route, { parsed: request.body, raw: request.rawBody ?? Buffer.alloc(0) }, response);
  }
}

function bodySchema(properties: Record<string, object>, required: string[]): Record<string, unknown> {
  return { type: 'object', required, additionalProperties: true, properties };
}
