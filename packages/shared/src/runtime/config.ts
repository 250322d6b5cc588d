import { z } from 'zod';

/** Thrown when the environment does not fit; the message lists every mistake, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads a service's part of the environment. Empty values count as missing, so that a line left
 * blank in `.env` means its default. Throws ConfigError naming every variable that does not fit.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`,
  );
  throw new ConfigError(`The configuration does not fit:\n${lines.join('\n')}`);
}

const port = z.coerce.number().int().min(0).max(65_535);

function urlWithProtocol(...protocols: string[]) {
  const expected = protocols.map((protocol) => `${protocol}://`).join(' or ');
  return z
    .string({ error: `is missing: an address that starts with ${expected}` })
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
      error: `must be an address that starts with ${expected}`,
    });
}

/** What every service needs; services spread it into their own schema. */
export const commonConfig = {
  TOLLGATE_MODE: z.enum(['sandbox', 'live']).default('live'),
  DATABASE_URL: urlWithProtocol('postgres', 'postgresql'),
  QUEUE_URL: urlWithProtocol('redis', 'rediss', 'postgres', 'postgresql'),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('tollgate'),
  MASTER_KEY: z
    .string({ error: 'is missing: 32 random bytes in base64 (openssl rand -base64 32)' })
    .refine((text) => Buffer.from(text, 'base64').length === 32, { error: 'must be 32 bytes in base64' })
    .transform((text) => Buffer.from(text, 'base64')),
  /** The address to listen on; containers need all of them. */
  HOST: z.string().default('0.0.0.0'),
  HEALTH_PORT: port.default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: urlWithProtocol('http', 'https').optional(),
};

/** Building blocks for the services' own variables. */
export const configTypes = { port, urlWithProtocol };
