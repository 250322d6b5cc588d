import { smsManagerCallbackUrl } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { twilioStatusUrl } from '@tollgate/shared/inbox/twilio-callback.ts';
import { findBorneIds, hasRival } from '@tollgate/shared/messages/attempts.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { SmsSenderConfig } from '../config.ts';
import type { ReportSource } from '../delivery-reports/poll-schedule.ts';
import { createSmsManager } from './sms-manager/adapter.ts';
import { type Providers, providersByName, type SmsProvider } from './sms-provider.ts';
import { createTwilio, TWILIO } from './twilio/adapter.ts';
import type { KnownAttempts } from './twilio/find-in-listing.ts';

export type CreateProvidersDeps = { db: Db; clock: Clock; reportSource: ReportSource };

/** The providers that are configured: SMS Manager first, and Twilio after it where its variables are set. */
export function createProviders(config: SmsSenderConfig, deps: CreateProvidersDeps): Providers {
  const { db, clock, reportSource } = deps;
  const smsManager = createSmsManager({
    apiKey: config.SMS_MANAGER_API_KEY,
    baseUrl: config.SMS_MANAGER_BASE_URL,
    restUrl: config.SMS_MANAGER_REST_URL,
    callbackUrl:
      reportSource === 'webhook' ? smsManagerCallbackUrl(config.PUBLIC_URL, config.MASTER_KEY) : null,
    clock,
  });
  return providersByName([smsManager, ...twilioOf(config, { db, clock, reportSource })]);
}

function twilioOf(config: SmsSenderConfig, { db, clock, reportSource }: CreateProvidersDeps): SmsProvider[] {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_MESSAGING_SERVICE_SID, TWILIO_BASE_URL } = config;
  if (!TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !TWILIO_MESSAGING_SERVICE_SID) return [];
  return [
    createTwilio({
      accountSid: TWILIO_ACCOUNT_SID,
      authToken: TWILIO_AUTH_TOKEN,
      messagingServiceSid: TWILIO_MESSAGING_SERVICE_SID,
      baseUrl: TWILIO_BASE_URL,
      callbackUrl: reportSource === 'webhook' ? twilioStatusUrl(config.PUBLIC_URL) : null,
      known: knownAttempts(db),
      clock,
    }),
  ];
}

/** What the attempts' rows say of messages found at Twilio. */
export function knownAttempts(db: Db): KnownAttempts {
  return {
    findBorne: (sids) => findBorneIds(db, TWILIO, sids),
    hasRival: ({ attemptId, recipient }) => hasRival(db, { provider: TWILIO, attemptId, recipient }),
  };
}
