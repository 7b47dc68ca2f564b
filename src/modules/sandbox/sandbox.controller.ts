import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../common/marks.js';
import { SandboxDto } from './dto/sandbox.dto.js';
import { toWireSandbox } from './sandbox.mapper.js';
import { SandboxService } from './sandbox.service.js';

@ApiTags('Sandbox')
@ApiBearerAuth()
@Controller('v1/sandbox')
export class SandboxController {
  constructor(private readonly sandbox: SandboxService) {}

  @Get()
  @RequireScope('admin')
  @ApiOperation({ summary: 'Extension: what confines code here, its limits, and the live sessions of every process' })
  @ApiOkResponse({ type: SandboxDto })
  async retrieve(): Promise<SandboxDto> {
    return toWireSandbox(await this.sandbox.overview());
  }

  /** Even in the middle of a call. The workspace's files that were kept after earlier calls stay. */
  @Delete('sessions/:sessionId')
  @RequireScope('admin')
  @ApiOperation({ summary: 'Extension: ends a live session, in whichever process' })
  async kill(
    @Param('sessionId') id: string,
  ): Promise<{ id: string; object: 'sandbox.session.deleted'; deleted: true }> {
    await this.sandbox.kill(id);
    return { id, object: 'sandbox.session.deleted', deleted: true };
  }
}
