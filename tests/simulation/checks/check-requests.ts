import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Facts } from './facts.ts';

const lastStates = new Set(['rejected', 'failed', 'undelivered', 'expired', 'canceled', 'delivered']);

/** Every accepted request has one message however often it was sent, no message is without one, and all have ended. */
export function checkRequests({ requests, messages }: Facts): string[] {
  const violations: string[] = [];
  const owned = new Set<string>();
  for (const { plan, answers } of requests) {
    const ids = new Set(answers.flatMap((answer) => (answer.kind === 'refused' ? [] : [answer.answer.id])));
    if (answers.length === 0) violations.push(`${plan.label} was never answered`);
    if (ids.size > 1) violations.push(`${plan.label} was answered with ${ids.size} messages`);
    for (const publicId of ids) {
      const id = String(fromPublicId('msg', publicId));
      if (!messages.some((message) => message.id === id))
        violations.push(`${plan.label} lost its message ${id}`);
      owned.add(id);
    }
  }
  for (const { id, state, wakeAt } of messages) {
    if (!owned.has(id)) violations.push(`message ${id} has no request`);
    const hasEnded = lastStates.has(state) || (state === 'sent' && wakeAt === null);
    if (!hasEnded) violations.push(`message ${id} has not ended: ${state}`);
  }
  return violations;
}
