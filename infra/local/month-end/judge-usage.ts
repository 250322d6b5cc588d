import { done, type Judgement, waiting, wrong } from './judgement.ts';

/** The usage events of one message, and how many of them a roll-up counts. */
export type MessageUsage = { messageId: string; events: number; counted: number };

/** Whether the usage of every message was counted exactly once. */
export function judgeUsage(usage: readonly MessageUsage[]): Judgement {
  const doubled = usage.find(({ events }) => events > 1);
  if (doubled !== undefined) return wrong(`${doubled.messageId} has ${doubled.events} usage events`);
  const counted = usage.filter(({ counted }) => counted === 1).length;
  const said = `${counted} of ${usage.length} messages counted`;
  return counted === usage.length ? done(said) : waiting(said);
}
