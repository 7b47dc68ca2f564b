import { ApiProperty } from '@nestjs/swagger';
import type { EnforcedLimit, Isolation } from '@libs/sandbox';

/** Limits of one session. */
export class SandboxLimitsDto {
  @ApiProperty({ description: 'Wall time of one call.' })
  timeout_seconds: number;

  @ApiProperty({ type: 'integer', description: 'Of one call, stdout and stderr together.' })
  output_bytes: number;

  @ApiProperty({ type: 'integer' })
  memory_bytes: number;

  @ApiProperty({ type: 'integer' })
  processes: number;

  @ApiProperty({ type: 'integer' })
  file_bytes: number;

  @ApiProperty({ type: 'integer' })
  workspace_bytes: number;

  @ApiProperty({ type: 'integer' })
  workspace_files: number;
}

/** Interpreters that wait for a conversation. */
export class SandboxPoolDto {
  @ApiProperty({ type: 'integer', description: 'How many are wanted.' })
  size: number;

  @ApiProperty({ type: 'integer' })
  ready: number;

  @ApiProperty({ type: 'integer', description: 'Sessions that got one.' })
  served: number;

  @ApiProperty({ type: 'integer', description: 'Sessions that found none and waited for a cold start.' })
  missed: number;

  @ApiProperty({ type: 'string', nullable: true })
  last_failure: string | null;
}

/** What the code of a project may reach. */
export class SandboxEgressRuleDto {
  @ApiProperty({ description: "The project's id, or `*` for all that have no rule of their own." })
  project_id: string;

  @ApiProperty({ type: [String], example: ['pypi.org:443', '*.corp.example:443'] })
  hosts: string[];

  @ApiProperty({ description: 'Whether these names may lead to private addresses.' })
  private_addresses: boolean;
}

/** The way of code to the network. */
export class SandboxEgressDto {
  @ApiProperty({
    description: 'Whether any code reaches anything. False where there are no rules, or the tier lets nothing through.',
  })
  in_force: boolean;

  @ApiProperty({ type: [SandboxEgressRuleDto] })
  rules: SandboxEgressRuleDto[];

  @ApiProperty({ type: 'integer', description: 'Requests since the start that a rule allowed.' })
  allowed_requests: number;

  @ApiProperty({ type: 'integer', description: 'Requests since the start that were refused.' })
  refused_requests: number;
}

/** A live interpreter. Nothing of what runs in it, and no name of a thread or file. */
export class SandboxSessionDto {
  @ApiProperty({ example: 'sbx_abc123' })
  id: string;

  @ApiProperty({ enum: ['sandbox.session'] })
  object: 'sandbox.session';

  @ApiProperty({ example: 'proj_abc123' })
  project_id: string;

  @ApiProperty({ description: 'The process or host where it lives: an id of `processes`.' })
  process: string;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  created_at: number;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  last_used_at: number;

  @ApiProperty({ enum: ['running', 'idle'] })
  status: 'running' | 'idle';
}

/** What confines code in one process, or on one sandbox host. */
class SandboxStateDto {
  @ApiProperty({ description: 'bubblewrap, deno, docker, remote, none, or choosing.', example: 'bubblewrap' })
  provider: string;

  @ApiProperty({ description: 'Whether code can run.' })
  available: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it cannot.' })
  reason: string | null;

  @ApiProperty({ enum: ['vm', 'gvisor', 'namespaces', 'wasm', 'none'], nullable: true })
  tier: Isolation | null;

  @ApiProperty({ type: 'string', nullable: true, description: "The interpreter's version." })
  python: string | null;

  @ApiProperty({
    enum: ['time', 'memory', 'pids', 'cpu', 'disk', 'file_size', 'network', 'output'],
    isArray: true,
    description: 'Limits that hold there. What is missing is not enforced.',
  })
  enforces: EnforcedLimit[];

  @ApiProperty({ type: SandboxLimitsDto, nullable: true })
  limits: SandboxLimitsDto | null;

  @ApiProperty({ type: SandboxPoolDto, nullable: true })
  pool: SandboxPoolDto | null;

  @ApiProperty({ type: SandboxEgressDto, nullable: true })
  egress: SandboxEgressDto | null;
}

/** A process of the installation, or a sandbox host. */
export class SandboxPlaceDto extends SandboxStateDto {
  @ApiProperty()
  id: string;

  @ApiProperty({ enum: ['all', 'api', 'worker', 'sandbox'] })
  role: 'all' | 'api' | 'worker' | 'sandbox';

  @ApiProperty({ type: 'integer', description: 'How many live there.' })
  sessions: number;
}

/** The sandbox: of the process that answers, then of every process and host. */
export class SandboxDto extends SandboxStateDto {
  @ApiProperty({ enum: ['sandbox'] })
  object: 'sandbox';

  @ApiProperty({ type: [String], description: 'Third-party modules that can really be imported.' })
  modules: string[];

  @ApiProperty({
    type: [SandboxPlaceDto],
    description: 'The one that answers first. The others are told of as they were a second ago.',
  })
  processes: SandboxPlaceDto[];

  @ApiProperty({ type: [SandboxSessionDto], description: 'Of all of them, the one unused for longest first.' })
  sessions: SandboxSessionDto[];
}
