import { Body, Controller, Get, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Public, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { AuthService } from './auth.service.js';
import { MeDto, TokenDto } from './dto/answers.dto.js';
import { LoginDto, SignupDto } from './dto/credentials.dto.js';

@ApiTags('Authentication')
@Controller('api/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('signup')
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ type: TokenDto })
  async signUp(@Body() body: SignupDto): Promise<TokenDto> {
    return { access_token: await this.auth.signUp(body), token_type: 'bearer' };
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ type: TokenDto })
  async logIn(@Body() body: LoginDto, @Ip() address: string): Promise<TokenDto> {
    return { access_token: await this.auth.logIn(body, address), token_type: 'bearer' };
  }

  /** Every role has models:read, and so everyone may ask who they are. */
  @Get('me')
  @RequireScope('models:read')
  @ApiBearerAuth()
  @ApiOkResponse({ type: MeDto })
  me(@CurrentPrincipal() principal: Principal): MeDto {
    return {
      id: principal.userId,
      username: principal.username,
      is_admin: principal.isAdmin,
      project_id: principal.projectId,
      role: principal.role,
      scopes: [...principal.scopes],
    };
  }
}
