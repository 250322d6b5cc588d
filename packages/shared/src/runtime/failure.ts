import { createHash } from 'node:crypto';
import { UnsealError } from '../encryption/seal.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { toStorable } from '../text/to-storable.ts';

export type Failure = {
  /** Name of the error's class, with the database's code where there is one. */
  failureClass: string;
  /** For people; cut at 1,000 characters. */
  detail: string;
  /** Equal for failures with the same cause: class and message without the ids and numbers in it. */
  fingerprint: string;
};

/** Describes an error for a dead letter. */
export function describeFailure(error: unknown): Failure {
  const { name, message } = readable(error);
  const code = databaseCode(error);
  const failureClass = code ? `${name} ${code}` : name;
  const cause = message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d+/gi, '#');
  return {
    failureClass,
    detail: toStorable(message, 1_000),
    fingerprint: createHash('sha256').update(`${failureClass}\n${cause}`).digest('hex').slice(0, 16),
  };
}

// Prisma quotes a refused call with all its values; what is wrong with it is the last paragraph.
function readable(error: unknown): Pick<Error, 'name' | 'message'> {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  const isQuoting = error instanceof Prisma.PrismaClientValidationError;
  return { name, message: isQuoting ? message.slice(message.lastIndexOf('\n\n')).trim() : message };
}

/**
 * Whether the data itself is at fault, so that rerunning a batch item by item isolates the poison;
 * false for infrastructure, which would fail for every item alike. By PostgreSQL's error classes:
 * 22 data exception, 23 integrity constraint violation.
 */
export function isDataError(error: unknown): boolean {
  const code = databaseCode(error);
  if (code !== undefined) return code.startsWith('22') || code.startsWith('23');
  if (error instanceof Prisma.PrismaClientValidationError) return true;
  return [TypeError, RangeError, SyntaxError, UnsealError].some((type) => error instanceof type);
}

/** Whether the database waited for a lock for as long as it may (`lock_timeout`). */
export function isLockTimeout(error: unknown): boolean {
  return databaseCode(error) === '55P03';
}

/** Whether the database ended a transaction for the sake of another: deadlock or serialization failure. */
export function isLockConflict(error: unknown): boolean {
  const code = databaseCode(error);
  if (code !== undefined) return code === '40P01' || code === '40001';
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}

/** PostgreSQL's SQLSTATE, wherever Prisma put it; undefined for other errors. */
export function databaseCode(error: unknown): string | undefined {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const cause = (
      error.meta?.driverAdapterError as { cause?: { originalCode?: string; code?: string } } | undefined
    )?.cause;
    return cause?.originalCode ?? cause?.code;
  }
  return undefined;
}
