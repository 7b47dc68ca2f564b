import { NestFactory } from '@nestjs/core';
import { ConfigError, type Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { ApplicationLogger } from './common/application-logger.js';
import { createApp } from './create-app.js';
import { FirstStart } from './modules/auth/index.js';
import { SandboxHostModule, SandboxHostService } from './sandbox-host.module.js';
import { startUpMessage } from './start-up-message.js';

/** Serves the API, and works on jobs too unless the role says otherwise. */
export async function serve(config: Config): Promise<void> {
  const app = await createApp(config);
  await app.listen(config.API_PORT, config.API_HOST);
  process.stdout.write(startUpMessage(await app.getUrl(), app.get(FirstStart, { strict: false }).outcome));
}

/** Works on jobs without serving HTTP. */
export async function work(config: Config): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new ApplicationLogger(app.get(Logger)));
  app.enableShutdownHooks();
  process.stdout.write('Threadmill works on jobs.\n');
}

/** Runs code for the other processes, and does nothing else. */
export async function hostSandbox(config: Config): Promise<void> {
  const app = await NestFactory.createApplicationContext(SandboxHostModule.forRoot(config), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new ApplicationLogger(app.get(Logger)));
  app.enableShutdownHooks();
  const { address, port } = await app.get(SandboxHostService).listen();
  process.stdout.write(`Threadmill runs code for others at http://${address}:${port}\n`);
}

/** Ends the process with one clear sentence when it cannot start. */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : `Threadmill could not start: ${errorMessage(error)}`;
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
}
