import { ConfigError } from './config.ts';
import type { Logger } from './logger.ts';
import { type ShutdownStep, shutDownOnSignal } from './shutdown.ts';

/**
 * Starts a service and arranges its shutdown. A configuration that does not fit ends the process
 * with a plain list of the mistakes instead of a stack trace.
 */
export async function runService(
  process: NodeJS.Process,
  name: string,
  start: () => Promise<{ logger: Logger; steps: ShutdownStep[] }>,
): Promise<void> {
  try {
    const { logger, steps } = await start();
    shutDownOnSignal(process, logger, steps);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name} cannot start. ${error.message}\n`);
    process.exitCode = 1;
  }
}
