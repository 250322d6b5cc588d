import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535).default(0);
const optionalText = z.string().min(1).optional();

const Environment = z
  .object({
    SIMULATOR_PORT: port,
    SIMULATOR_STATE: optionalText,
    SMS_MANAGER_API_KEY: z.string().min(1),
    SMS_MANAGER_CALLBACK_SECRET: optionalText,
    STRIPE_SIMULATOR_PORT: port,
    STRIPE_SECRET_KEY: z.string().startsWith('sk_test_').optional(),
    STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_').optional(),
    STRIPE_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    SMTP_PORT: port,
    MAIL_PAGE_PORT: port,
    TWILIO_SIMULATOR_PORT: port,
    TWILIO_ACCOUNT_SID: z.string().startsWith('AC').optional(),
    TWILIO_AUTH_TOKEN: optionalText,
    TWILIO_INBOUND_URL: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine((given) => given.TWILIO_ACCOUNT_SID === undefined || given.TWILIO_AUTH_TOKEN !== undefined, {
    path: ['TWILIO_AUTH_TOKEN'],
    error: 'is missing, though TWILIO_ACCOUNT_SID is set',
  });

export interface StripeConfig {
  port: number;
  secretKey: string;
  webhookSecret: string | undefined;
  webhookUrl: string | undefined;
}

export interface TwilioConfig {
  port: number;
  accountSid: string;
  authToken: string;
  inboundUrl: string | undefined;
}

export interface MailConfig {
  smtpPort: number;
  pagePort: number;
}

export type Config =
  | {
      valid: true;
      port: number;
      stateFolder: string | undefined;
      apiKey: string;
      callbackSecret: string | undefined;
      /** Without a secret key only SMS Manager is simulated. */
      billing: { stripe: StripeConfig; mail: MailConfig } | undefined;
      /** Simulated only where an account is named. */
      twilio: TwilioConfig | undefined;
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
  const { data } = parsed;
  return {
    valid: true,
    port: data.SIMULATOR_PORT,
    stateFolder: data.SIMULATOR_STATE,
    apiKey: data.SMS_MANAGER_API_KEY,
    callbackSecret: data.SMS_MANAGER_CALLBACK_SECRET,
    billing: billingOf(data),
    twilio: twilioOf(data),
  };
}

function billingOf(data: z.output<typeof Environment>) {
  if (data.STRIPE_SECRET_KEY === undefined) return undefined;
  return {
    stripe: {
      port: data.STRIPE_SIMULATOR_PORT,
      secretKey: data.STRIPE_SECRET_KEY,
      webhookSecret: data.STRIPE_WEBHOOK_SECRET,
      webhookUrl: data.STRIPE_WEBHOOK_URL,
    },
    mail: { smtpPort: data.SMTP_PORT, pagePort: data.MAIL_PAGE_PORT },
  };
}

function twilioOf(data: z.output<typeof Environment>): TwilioConfig | undefined {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = data;
  if (accountSid === undefined || authToken === undefined) return undefined;
  return { port: data.TWILIO_SIMULATOR_PORT, accountSid, authToken, inboundUrl: data.TWILIO_INBOUND_URL };
}
