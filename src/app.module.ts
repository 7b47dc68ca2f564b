import {
  Inject,
  Module,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Config } from '@config';
import { ConfigModule } from './common/config.module.js';
import { ErrorFilter } from './common/errors/index.js';
import { requestBody, urlEncodedBody, wireHeaders } from './common/http/index.js';
import { CONFIG } from './common/config.token.js';
import { loggerModule } from './common/logging.js';
import { SecretsModule } from './common/secrets/index.js';
import { createValidationPipe } from './common/validation/index.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { AdminModule } from './modules/admin/index.js';
import { AssistantsModule } from './modules/assistants/index.js';
import { AuthModule } from './modules/auth/index.js';
import { ChatModule } from './modules/chat/index.js';
import { FilesModule } from './modules/files/index.js';
import { HealthModule } from './modules/health/index.js';
import { ModelsApiModule } from './modules/models/index.js';
import { RateLimitModule } from './modules/rate-limit/index.js';
import { RunsModule } from './modules/runs/index.js';
import { SandboxModule } from './modules/sandbox/index.js';
import { SessionsModule } from './modules/sessions/index.js';
import { ThreadsModule } from './modules/threads/index.js';
import { ToolRoutesModule } from './modules/tool-routes/index.js';
import { UploadsModule } from './modules/uploads/index.js';
import { ChunkIndexModule, VectorStoresModule } from './modules/vector-stores/index.js';
import { AgentsModule } from './providers/agents.module.js';
import { DocumentsModule } from './providers/documents.module.js';
import { ModelsModule } from './providers/models.module.js';
import { SandboxProviderModule } from './providers/sandbox.module.js';
import { StorageModule } from './storage/storage.module.js';

const FEATURES = [
  AuthModule,
  RateLimitModule,
  FilesModule,
  UploadsModule,
  VectorStoresModule,
  AssistantsModule,
  // Before threads: `POST /v1/threads/runs` must not be taken for a thread named "runs".
  RunsModule,
  ThreadsModule,
  ChatModule,
  SessionsModule,
  ToolRoutesModule,
  ModelsApiModule,
  SandboxModule,
  ChunkIndexModule,
  AdminModule,
  HealthModule,
];

/** Whose bodies may be forms. */
const FORM_PATHS = new Set(['/v1/chat/completions']);

function infrastructure(config: Config): (Type | DynamicModule)[] {
  return [
    DatabaseModule,
    JobsModule.forRoot(config),
    EventsModule,
    SecretsModule,
    StorageModule,
    ModelsModule,
    AgentsModule,
    DocumentsModule,
    SandboxProviderModule,
  ];
}

@Module({})
export class AppModule implements NestModule {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(config), loggerModule(config), ...infrastructure(config), ...FEATURES],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useFactory: createValidationPipe },
      ],
    };
  }

  /** The body comes last, so that a request whose body is refused has its id, too, on the answer and in the log. */
  configure(consumer: MiddlewareConsumer): void {
    const limitMb = this.config.MAX_BODY_SIZE_MB;
    const forms = urlEncodedBody(limitMb, FORM_PATHS);
    consumer.apply(wireHeaders, forms, requestBody(limitMb)).forRoutes('{*path}');
  }
}
