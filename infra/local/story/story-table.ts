import type { Paint } from '../terminal/colours.ts';
import { formatDuration } from '../terminal/durations.ts';
import { type ReachedSteps, type StoryStep, storySteps } from './story-steps.ts';

/** One message of the story as far as it got. */
export type StoryMessage = {
  tenant: string;
  currency: string;
  /** Null until the API has accepted it. */
  id: string | null;
  state: string;
  reached: ReachedSteps;
  /** What the tenant may spend, as decimal strings; null until it was asked. */
  before: string | null;
  after: string | null;
};

const HEAD = ['tenant', ...storySteps.map(([step]) => step), 'balance'];

/** The story as a table, a row per message, with the time since acceptance under each step. */
export function renderTable(messages: readonly StoryMessage[], paint: Paint): string[] {
  const rows = messages.map((message) => [
    message.tenant,
    ...storySteps.map(([step]) => renderStep(message, step)),
    renderBalance(message),
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const head = paint('dim', pad(HEAD).join('  ').trimEnd());
  return [head, ...rows.map((row) => paintRow(pad(row), paint))].map((line) => `  ${line}`);
}

/** How many columns the widest line takes. */
export function tableWidth(messages: readonly StoryMessage[]): number {
  return Math.max(...renderTable(messages, (_colour, text) => text).map((line) => line.length));
}

/** A line for each step that a message has reached since `known`, for screens that cannot redraw. */
export function renderNews(message: StoryMessage, known: ReachedSteps): string[] {
  return storySteps
    .filter(([step]) => message.reached[step] !== undefined && known[step] === undefined)
    .map(([step]) => {
      const since = step === 'accepted' ? '' : `+${formatDuration(message.reached[step] ?? 0)}`;
      return `  ${message.tenant.padEnd(20)} ${step.padEnd(10)} ${since.padEnd(8)} ${message.id ?? ''}`;
    });
}

function renderStep({ reached, id }: StoryMessage, step: StoryStep): string {
  const sinceMs = reached[step];
  if (sinceMs === undefined) return id === null ? '' : '·';
  return step === 'accepted' ? 'yes' : `+${formatDuration(sinceMs)}`;
}

function renderBalance({ before, after, currency }: StoryMessage): string {
  if (before === null) return '';
  return after === null ? `${before} ${currency}` : `${before} → ${after} ${currency}`;
}

function paintRow([tenant = '', ...cells]: string[], paint: Paint): string {
  const balance = cells.pop() ?? '';
  return [paint('bold', tenant), ...cells.map((cell) => paint('green', cell)), balance].join('  ').trimEnd();
}
