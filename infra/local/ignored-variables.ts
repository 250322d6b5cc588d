const OURS = [
  'TOLLGATE_MODE',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URL',
  'QUEUE_URL',
  'QUEUE_PREFIX',
  'PUBLIC_URL',
  'PORT',
  'HEALTH_PORT',
  'LOG_LEVEL',
  'MASTER_KEY',
  'CRON_SECRET',
  'SMTP_URL',
  'MAIL_FROM',
];
const OUR_PREFIXES = ['SMS_MANAGER_', 'TWILIO_', 'STRIPE_', 'SIPPY_'];

/**
 * The variables of the user's shell that would configure a service, and that the local stack leaves alone: it must
 * never reach a database or a provider which it did not start. Sorted; empty values do not count.
 */
export function findIgnoredVariables(environment: Record<string, string | undefined>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => value && (OURS.includes(name) || OUR_PREFIXES.some((p) => name.startsWith(p))))
    .map(([name]) => name)
    .sort();
}
