import { z } from 'zod';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

const LogLine = z.looseObject({
  time: z.string().optional(),
  level: z.enum(levels).catch('info').default('info'),
  msg: z.string(),
});

export type LogLine = { time: Date | null; level: Level; message: string; fields: Record<string, unknown> };

// Said elsewhere on the line, or of no use to somebody who watches one machine.
const UNSHOWN = new Set(['time', 'level', 'msg', 'service', 'pid', 'hostname', 'traceId', 'spanId']);

/** A service's line of JSON; null for any other text, which is shown as it is. */
export function parseLogLine(text: string): LogLine | null {
  if (!text.startsWith('{')) return null;
  const parsed = LogLine.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const time = new Date(parsed.data.time ?? Number.NaN);
  return {
    time: Number.isNaN(time.getTime()) ? null : time,
    level: parsed.data.level,
    message: parsed.data.msg,
    fields: Object.fromEntries(Object.entries(parsed.data).filter(([name]) => !UNSHOWN.has(name))),
  };
}

/** Whether somebody has to look at it. */
export function isAlarming(level: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf('warn');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
