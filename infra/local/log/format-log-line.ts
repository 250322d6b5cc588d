import type { Colour, Paint } from '../terminal/colours.ts';
import type { Level, LogLine } from './parse-log-line.ts';

const NAME_COLUMNS = 10;
const FIELDS_MAX = 6;
const VALUE_LENGTH_MAX = 80;

const nameColours: Record<string, Colour> = {
  api: 'cyan',
  'sms-sender': 'magenta',
  simulators: 'blue',
  postgres: 'green',
  redis: 'yellow',
};

const levelColours: Record<Level, Colour> = {
  trace: 'dim',
  debug: 'dim',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
};

/** One line of the merged log: time, who, level, what, and the first few fields. */
export function formatLogLine(source: string, line: LogLine, now: Date, paint: Paint): string {
  const fields = formatFields(line.fields);
  return [
    formatHead(source, line.time ?? now, paint),
    paint(levelColours[line.level], line.level.padEnd(5)),
    line.message,
    ...(fields === '' ? [] : [paint('dim', fields)]),
  ].join(' ');
}

/** A line that is no JSON, such as the trace of a crash: passed through behind time and name. */
export function formatOtherLine(source: string, text: string, now: Date, paint: Paint): string {
  return `${formatHead(source, now, paint)} ${text}`;
}

function formatHead(source: string, time: Date, paint: Paint): string {
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((n) =>
    String(n).padStart(2, '0'),
  );
  const millis = String(time.getMilliseconds()).padStart(3, '0');
  const name = paint(nameColours[source] ?? 'bold', source.padEnd(NAME_COLUMNS));
  return `${paint('dim', `${clock.join(':')}.${millis}`)} ${name}`;
}

function formatFields(fields: Record<string, unknown>): string {
  const entries = Object.entries(fields);
  const shown = entries.slice(0, FIELDS_MAX).map(([name, value]) => `${name}=${formatValue(value)}`);
  return entries.length > FIELDS_MAX ? `${shown.join(' ')} …` : shown.join(' ');
}

function formatValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  const text = typeof value === 'string' ? value : describe(value);
  const oneLine = text.replace(/\s+/g, ' ');
  const cut = oneLine.length > VALUE_LENGTH_MAX ? `${oneLine.slice(0, VALUE_LENGTH_MAX)}…` : oneLine;
  return /[\s"=]/.test(cut) ? `"${cut.replaceAll('"', "'")}"` : cut;
}

// A logged error is an object with a message; its stack is in the service's own line.
function describe(value: unknown): string {
  const isError = typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
  return isError ? String(value.message) : JSON.stringify(value);
}
