import { randomBytes } from 'node:crypto';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { upsertOperator } from '@tollgate/shared/operators/operators.ts';
import { z } from 'zod';
import { defineCommand, type Surroundings, UsageError } from '../command.ts';
import { databaseFlag, databaseValue, withDatabase } from '../with-database.ts';

const roles = ['viewer', 'operator', 'admin'] as const;
const PASSWORD_LENGTH_MIN = 12;

/** `operator create`: also how a forgotten password is replaced. */
export const createOperator = defineCommand({
  name: 'operator create',
  summary: 'Creates an operator, or gives the one with that e-mail address another password and role.',
  flags: {
    email: { type: 'string', placeholder: 'address', summary: 'E-mail address to sign in with' },
    role: { type: 'string', placeholder: 'role', summary: roles.join(', ') },
    'password-stdin': {
      type: 'boolean',
      summary: 'Read the password from standard input; otherwise one is made and printed once',
    },
    database: databaseFlag,
  },
  values: z.object({
    email: z.email({ error: 'is needed: an e-mail address' }),
    role: z.enum(roles, { error: `is needed: ${roles.join(', ')}` }),
    'password-stdin': z.boolean().default(false),
    database: databaseValue,
  }),
  async run(surroundings, { email, role, 'password-stdin': isGiven, database }) {
    const password = isGiven ? await readPassword(surroundings) : randomBytes(18).toString('base64url');
    await withDatabase(surroundings, database, (prisma) =>
      upsertOperator(prisma, { id: newId(), email, role, password, createdAt: surroundings.clock.now() }),
    );
    surroundings.print(`${email} may sign in as ${role}.\n`);
    if (!isGiven) surroundings.print(`Password, shown only now: ${password}\n`);
    return 0;
  },
});

// One line break at the end belongs to the shell, everything else to the password.
async function readPassword({ readInput }: Surroundings): Promise<string> {
  const password = (await readInput()).replace(/\r?\n$/, '');
  if (password.length >= PASSWORD_LENGTH_MIN) return password;
  throw new UsageError(
    `The password on standard input must have at least ${PASSWORD_LENGTH_MIN} characters, got ${password.length}.`,
  );
}
