import type { Db } from '../runtime/database.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

/** viewer reads; operator also acts; admin also manages operators. */
export type OperatorRole = 'viewer' | 'operator' | 'admin';

export type Operator = { id: string; email: string; role: OperatorRole };

export type NewOperator = Operator & { password: string; createdAt: Date };

/**
 * Creates an operator, or gives the one with that e-mail the role and the password. Another password
 * ends the operator's sessions.
 */
export async function upsertOperator(db: Db, { password, ...operator }: NewOperator): Promise<void> {
  const { email, role } = operator;
  const existing = await db.operator.findUnique({ where: { email } });
  if (existing && (await verifyPassword(password, existing.passwordHash))) {
    await db.operator.update({ where: { email }, data: { role } });
    return;
  }
  const passwordHash = await hashPassword(password);
  const { id } = await db.operator.upsert({
    where: { email },
    create: { ...operator, passwordHash },
    update: { passwordHash, role },
  });
  await db.operatorSession.deleteMany({ where: { operatorId: id } });
}

const NOBODYS_HASH = `${'A'.repeat(22)}.${'A'.repeat(43)}`;

/** The operator with this e-mail and password; null otherwise. */
export async function authenticateOperator(
  db: Db,
  email: string,
  password: string,
): Promise<Operator | null> {
  const row = await db.operator.findUnique({ where: { email } });
  // Verified also when nobody has the e-mail, so that the answer's time does not tell who exists.
  const matches = await verifyPassword(password, row?.passwordHash ?? NOBODYS_HASH);
  return row && matches ? { id: row.id, email: row.email, role: row.role as OperatorRole } : null;
}
