import { z } from 'zod';

const Environment = z.object({
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SIMULATOR_STATE: z.string().min(1).optional(),
  SMS_MANAGER_API_KEY: z.string().min(1),
  SMS_MANAGER_CALLBACK_SECRET: z.string().min(1).optional(),
});

export type Config =
  | {
      valid: true;
      port: number;
      stateFolder: string | undefined;
      apiKey: string;
      callbackSecret: string | undefined;
    }
  | { valid: false; mistakes: string[] };

/** Returns the configuration found in the environment, or every mistake in it. Empty values count as absent. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { valid: false, mistakes };
  }
  return {
    valid: true,
    port: parsed.data.SIMULATOR_PORT,
    stateFolder: parsed.data.SIMULATOR_STATE,
    apiKey: parsed.data.SMS_MANAGER_API_KEY,
    callbackSecret: parsed.data.SMS_MANAGER_CALLBACK_SECRET,
  };
}
