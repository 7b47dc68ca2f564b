import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import type { OpenTelemetryTracer } from './open-telemetry.js';

/** Injects the Tracer, or null where no collector is configured. */
export const TRACER = Symbol('TRACER');

/** OpenTelemetry is loaded only where it is used. */
export async function tracerFrom(config: Config): Promise<OpenTelemetryTracer | null> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  const { OpenTelemetryTracer: Tracer } = await import('./open-telemetry.js');
  return new Tracer(config.OTEL_EXPORTER_OTLP_ENDPOINT, config.OTEL_SERVICE_NAME);
}

@Module({
  providers: [{ provide: TRACER, inject: [CONFIG], useFactory: tracerFrom }],
  exports: [TRACER],
})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(TRACER) private readonly tracer: OpenTelemetryTracer | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracer?.close();
  }
}
