import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { configTypes, readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import type { Flag, Surroundings } from './command.ts';

const CliConfig = z.object({ DATABASE_URL: configTypes.urlWithProtocol('postgres', 'postgresql') });

/** The flag of every command that needs the database. */
export const databaseFlag: Flag = {
  type: 'string',
  placeholder: 'url',
  summary: 'PostgreSQL address; DATABASE_URL by default',
};

export const databaseValue = z.string().optional();

/** Lends the database to a command. Throws ConfigError when neither the flag nor the environment names one. */
export async function withDatabase<Result>(
  { environment }: Pick<Surroundings, 'environment'>,
  given: string | undefined,
  work: (prisma: PrismaClient) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL: url } = readConfig(
    CliConfig,
    given === undefined ? environment : { DATABASE_URL: given },
  );
  const database = openDatabase({ url, applicationName: 'tollgate-cli', connectionsMax: 2 });
  try {
    return await work(database.prisma);
  } finally {
    await database.close();
  }
}
