import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { ServerSecrets } from '../../common/secrets/index.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { CREDENTIAL_RESOLVERS, type CredentialResolver } from './credentials/credential-resolver.js';
import { JwtCredentialResolver } from './credentials/jwt-credential-resolver.js';
import { MembershipEntity } from './entities/membership.entity.js';
import { ProjectEntity } from './entities/project.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { FirstStart } from './first-start.js';
import { KnownCallers } from './known-callers.js';
import { Passwords } from './passwords.js';
import { PrincipalsService } from './principals.service.js';
import { RouteMarksCheck } from './route-marks-check.js';
import { TokensService } from './tokens.service.js';
import { UsersRepository } from './users.repository.js';

const SECONDS_PER_HOUR = 3600;

/** Who is who: signup, login, and the guard before every route of the application. */
@Module({
  imports: [
    DiscoveryModule,
    TypeOrmModule.forFeature([UserEntity, ProjectEntity, MembershipEntity]),
    JwtModule.registerAsync({
      inject: [ServerSecrets, CONFIG],
      useFactory: (secrets: ServerSecrets, config: Config) => ({
        secret: secrets.tokenKey,
        signOptions: { algorithm: 'HS256', expiresIn: config.JWT_EXPIRATION_HOURS * SECONDS_PER_HOUR },
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [
    AuthService,
    FirstStart,
    JwtCredentialResolver,
    KnownCallers,
    Passwords,
    PrincipalsService,
    RouteMarksCheck,
    TokensService,
    UsersRepository,
    {
      provide: CREDENTIAL_RESOLVERS,
      inject: [JwtCredentialResolver],
      useFactory: (...resolvers: CredentialResolver[]) => resolvers,
    },
    { provide: APP_GUARD, useClass: AuthenticationGuard },
  ],
  exports: [FirstStart, KnownCallers],
})
export class AuthModule {}
