import { SECOND_MS } from '../time/durations.ts';
import type { Logger } from './logger.ts';

/** A step of the shutdown: what it closes, and how. */
export type ShutdownStep = [name: string, close: () => Promise<unknown>];

const HARD_STOP_MS = 30 * SECOND_MS;

/**
 * On SIGTERM or SIGINT runs the steps in order: stop taking work, finish, close queues, close the
 * database. A step that fails does not keep the next ones from running; after 30 s the process ends
 * anyway, and leases and sweepers take care of what it held.
 */
export function shutDownOnSignal(process: NodeJS.Process, logger: Logger, steps: ShutdownStep[]): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'shutting down');
    setTimeout(() => {
      logger.error('shutdown took longer than 30 s');
      process.exit(1);
    }, HARD_STOP_MS).unref();
    let failed = false;
    for (const [name, close] of steps) {
      await close().catch((error: unknown) => {
        failed = true;
        logger.error({ err: error, step: name }, 'shutdown step failed');
      });
    }
    logger.info('stopped');
    process.exit(failed ? 1 : 0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
