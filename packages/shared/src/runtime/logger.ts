import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { currentTraceId } from './trace.ts';

export type Logger = PinoLogger;

// Bodies, whole numbers and secrets never reach a log, whatever object somebody logs.
const redacted = ['body', 'recipient', 'to', 'password', 'apiKey', 'authorization', 'cookie', 'token'];

export type LoggerOptions = { service: string; level: string; destination?: DestinationStream };

/** JSON lines on standard output, each with the trace id of what was running. */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const traceId = currentTraceId();
        return traceId ? { traceId } : {};
      },
      redact: {
        paths: redacted.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.headers["${key}"]`]),
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ sync: true }),
  );
}
