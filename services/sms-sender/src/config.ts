import { commonConfig, configTypes } from '@tollgate/shared/runtime/config.ts';
import { isLoopback } from '@tollgate/shared/runtime/loopback.ts';
import { z } from 'zod';

const { urlWithProtocol } = configTypes;

const twilioNames = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_MESSAGING_SERVICE_SID'] as const;

function twilioSid(prefix: 'AC' | 'MG') {
  const error = `must be ${prefix} and 32 hexadecimal digits`;
  return z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), { error });
}

export const SmsSenderConfig = z
  .object({
    ...commonConfig,
    PUBLIC_URL: urlWithProtocol('http', 'https'),
    SMS_MANAGER_API_KEY: z.string({ error: 'is missing: the key of your SMS Manager account' }).min(1),
    SMS_MANAGER_BASE_URL: urlWithProtocol('http', 'https').default('https://api.smsmngr.com/v2'),
    SMS_MANAGER_REST_URL: urlWithProtocol('http', 'https').default('https://rest-api.smsmngr.com/v1'),
    TWILIO_ACCOUNT_SID: twilioSid('AC').optional(),
    TWILIO_AUTH_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    TWILIO_MESSAGING_SERVICE_SID: twilioSid('MG').optional(),
    TWILIO_BASE_URL: urlWithProtocol('http', 'https').default('https://api.twilio.com'),
  })
  .superRefine((config, context) => {
    const isTwilioWanted = twilioNames.some((name) => config[name] !== undefined);
    for (const name of twilioNames) {
      if (!isTwilioWanted || config[name] !== undefined) continue;
      const message = `is missing: Twilio needs ${twilioNames.join(', ')}`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
    const addresses = ['SMS_MANAGER_BASE_URL', 'SMS_MANAGER_REST_URL'] as const;
    for (const name of isTwilioWanted ? [...addresses, 'TWILIO_BASE_URL' as const] : addresses) {
      const simulated = isLoopback(config[name]);
      // A typo must neither pretend to send nor send for real.
      if (config.TOLLGATE_MODE === 'live' && simulated) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is a simulator, but TOLLGATE_MODE is live',
        });
      }
      if (config.TOLLGATE_MODE === 'sandbox' && !simulated) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is the real provider, but TOLLGATE_MODE is sandbox',
        });
      }
    }
  });

export type SmsSenderConfig = z.infer<typeof SmsSenderConfig>;

/**
 * Whether the provider can post reports to us: a live provider reaches only public https addresses,
 * the simulator on this machine any.
 */
export function canReceiveReports({
  TOLLGATE_MODE,
  PUBLIC_URL,
}: Pick<SmsSenderConfig, 'TOLLGATE_MODE' | 'PUBLIC_URL'>): boolean {
  if (TOLLGATE_MODE === 'sandbox') return true;
  const { hostname, protocol } = new URL(PUBLIC_URL);
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cde])/.test(hostname);
  return protocol === 'https:' && !isLoopback(PUBLIC_URL) && !isPrivate;
}
