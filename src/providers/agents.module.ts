import { Global, Module } from '@nestjs/common';
import type { Config } from '@config';
import { Prompts, type AgentBounds, type Tracer } from '@libs/agent';
import { CONFIG } from '../common/config.token.js';
import { TRACER, TracingModule } from './tracing/tracing.module.js';

/** Injects the AgentSettings. */
export const AGENT_SETTINGS = Symbol('AGENT_SETTINGS');

/** What the operator says about agents. */
export interface AgentSettings {
  prompts: Prompts;
  bounds: AgentBounds;
  tracer?: Tracer | undefined;
}

/** Throws where a file of PROMPTS_DIR cannot be used: the start ends with it. */
export function agentSettingsFrom(config: Config, tracer: Tracer | null = null): AgentSettings {
  return {
    prompts: new Prompts(config.PROMPTS_DIR),
    bounds: {
      reactIterations: config.REACT_MAX_ITERATIONS,
      planSteps: config.PLAN_MAX_STEPS,
      plans: config.PLAN_MAX_ITERATIONS,
      ultraworkIterations: config.ULTRAWORK_MAX_ITERATIONS,
    },
    ...(tracer ? { tracer } : {}),
  };
}

@Global()
@Module({
  imports: [TracingModule],
  providers: [{ provide: AGENT_SETTINGS, inject: [CONFIG, TRACER], useFactory: agentSettingsFrom }],
  exports: [AGENT_SETTINGS],
})
export class AgentsModule {}
