import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../runtime/database.ts';
import { HOUR_MS } from '../time/durations.ts';
import type { Operator, OperatorRole } from './operators.ts';

export const SESSION_LIFETIME_MS = 12 * HOUR_MS;

/** Opens a session and returns its token, of which only the hash is stored. Sweeps out ended sessions. */
export async function openSession(db: Db, operatorId: string, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.operatorSession.deleteMany({ where: { expiresAt: { lte: now } } });
  await db.operatorSession.create({
    data: {
      tokenHash: hashToken(token),
      operatorId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIFETIME_MS),
    },
  });
  return token;
}

/** Who the session belongs to; null when there is none, or it has ended. */
export async function findSession(db: Db, token: string, now: Date): Promise<Operator | null> {
  const session = await db.operatorSession.findUnique({
    where: { tokenHash: hashToken(token), expiresAt: { gt: now } },
    include: { operator: true },
  });
  if (!session) return null;
  const { id, email, role } = session.operator;
  return { id, email, role: role as OperatorRole };
}

/** Ends a session; ending it again changes nothing. */
export async function closeSession(db: Db, token: string): Promise<void> {
  await db.operatorSession.deleteMany({ where: { tokenHash: hashToken(token) } });
}

function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}
