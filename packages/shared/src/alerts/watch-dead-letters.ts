import type { Db } from '../runtime/database.ts';
import { raiseOperatorAlert } from './operator-alerts.ts';

/** Kind of the operators' alert that is open while a queue has dead letters that nobody has decided on. */
export const DEAD_LETTERS = 'dead_letters';

/** One alert per queue with open dead letters, however many there are; closed when there are none. Returns how many queues. */
export async function watchDeadLetters(db: Db, now: Date): Promise<number> {
  const queues = await db.deadLetter.groupBy({
    by: ['queue'],
    where: { state: 'open' },
    _count: { _all: true },
    orderBy: { queue: 'asc' },
  });
  for (const { queue, _count } of queues) {
    const detail = `${_count._all} dead letters of ${queue} wait for a decision`;
    await raiseOperatorAlert(db, { kind: DEAD_LETTERS, subject: queue, detail }, now);
  }
  await db.operatorAlert.updateMany({
    where: { kind: DEAD_LETTERS, closedAt: null, subject: { notIn: queues.map(({ queue }) => queue) } },
    data: { closedAt: now, closedBy: 'tollgate' },
  });
  return queues.length;
}
