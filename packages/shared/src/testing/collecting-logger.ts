import { createLogger, type Logger } from '../runtime/logger.ts';

export type LogLine = { level: string; msg?: string } & Record<string, unknown>;

export type CollectingLogger = {
  logger: Logger;
  /** What was logged, as written. */
  text(): string;
  lines(): LogLine[];
};

/** The product's own logger, writing to memory. */
export function collectingLogger(): CollectingLogger {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  return {
    logger: createLogger({ service: 'test', level: 'trace', destination }),
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as LogLine),
  };
}
