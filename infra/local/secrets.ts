import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';

const word = () => randomBytes(18).toString('base64url');

// One maker per secret; a secret added here is added to the files of older versions at their next start.
const MAKERS = {
  masterKey: () => randomBytes(32).toString('base64'),
  cronSecret: word,
  operatorPassword: word,
  postgresPassword: word,
  appRolePassword: word,
  queuePassword: word,
  smsManagerApiKey: word,
  smsManagerCallbackSecret: word,
  // As Twilio writes them; the account's own token signs what it posts.
  twilioAccountSid: () => `AC${randomBytes(16).toString('hex')}`,
  twilioAuthToken: () => randomBytes(16).toString('hex'),
  // The prefixes tell the services what they hold: a test key, and no live one.
  stripeSecretKey: () => `sk_test_${word()}`,
  stripeWebhookSecret: () => `whsec_${word()}`,
};

const Secret = z.string().min(12);

// Loose: a file written by a newer version keeps what this one does not know.
const StoredSecrets = z.looseObject({
  masterKey: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'is not 32 bytes in base64')
    .optional(),
  cronSecret: Secret.optional(),
  operatorPassword: Secret.optional(),
  postgresPassword: Secret.optional(),
  appRolePassword: Secret.optional(),
  queuePassword: Secret.optional(),
  smsManagerApiKey: Secret.optional(),
  smsManagerCallbackSecret: Secret.optional(),
  twilioAccountSid: Secret.optional(),
  twilioAuthToken: Secret.optional(),
  stripeSecretKey: Secret.optional(),
  stripeWebhookSecret: Secret.optional(),
});

export type Secrets = Record<keyof typeof MAKERS, string>;

/**
 * The secrets of this folder's stack, made at random the first time; `created` is true then, so that the operator
 * password can be shown once. The file is readable by its owner only. Throws when it cannot be read or understood:
 * it is never made anew, because the messages stored under its master key would be lost.
 */
export function loadOrCreateSecrets(file: string): { secrets: Secrets; created: boolean } {
  const created = !existsSync(file);
  const stored = created ? {} : readSecrets(file);
  const made = Object.entries(MAKERS).filter(([name]) => !(name in stored));
  const secrets = { ...Object.fromEntries(made.map(([name, make]) => [name, make()])), ...stored };
  if (made.length > 0) writeSecrets(file, secrets);
  return { secrets: secrets as Secrets, created };
}

function readSecrets(file: string): z.infer<typeof StoredSecrets> {
  const advice =
    'Restore it from a backup, or start over with `npm run reset`, which deletes all local data.';
  let content: unknown;
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    // The cause may quote the content of the file, and would end up in a log.
    const kind = cause instanceof SyntaxError ? 'it is not JSON' : String(cause);
    throw new Error(`Cannot read the secrets in ${file}: ${kind}. ${advice}`);
  }
  const parsed = StoredSecrets.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new Error(`The secrets in ${file} are malformed.\n${z.prettifyError(parsed.error)}\n${advice}`);
}

function writeSecrets(file: string, secrets: object): void {
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
