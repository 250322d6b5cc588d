import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, TwilioConfig } from './config.ts';
import { startSmsManagerSimulator } from './sms-manager/start-sms-manager-simulator.ts';
import { startSmtpCatcher } from './smtp/start-smtp-catcher.ts';
import { startStripeSimulator } from './stripe/start-stripe-simulator.ts';
import { startTwilioSimulator } from './twilio/start-twilio-simulator.ts';

export interface RunningSimulators {
  /** Where each simulator is, under the names that stand in the log. */
  addresses: Record<string, string>;
  close(): Promise<void>;
}

/** Starts the simulators that are configured. Rejects, with those already started stopped, when one cannot start. */
export async function startSimulators(
  config: Extract<Config, { valid: true }>,
  { now, onEvent }: { now: () => Date; onEvent: (event: object) => void },
): Promise<RunningSimulators> {
  const { stateFolder, callbackSecret, billing } = config;
  if (stateFolder !== undefined) mkdirSync(stateFolder, { recursive: true });
  const statePath = (name: string) =>
    stateFolder === undefined ? {} : { statePath: join(stateFolder, name) };
  await using started = new AsyncDisposableStack();
  const smsManager = await startSmsManagerSimulator({
    port: config.port,
    apiKey: config.apiKey,
    now,
    onEvent,
    ...(callbackSecret === undefined ? {} : { callbackSecret }),
    ...statePath('sms-manager.sqlite'),
  });
  started.defer(smsManager.close);
  const { baseUrl: smsManagerUrl, restUrl: smsManagerRestUrl, pageUrl } = smsManager;
  const addresses: Record<string, string> = { smsManagerUrl, smsManagerRestUrl, pageUrl };
  if (config.twilio !== undefined) {
    const twilio = await startTwilio(config.twilio, { now, onEvent, ...statePath('twilio.sqlite') });
    started.defer(twilio.close);
    addresses.twilioUrl = twilio.baseUrl;
    addresses.twilioPageUrl = twilio.pageUrl;
  }
  if (billing === undefined) return { addresses, close: closeOf(started.move()) };
  const { webhookSecret, webhookUrl, port, secretKey } = billing.stripe;
  const stripe = await startStripeSimulator({
    port,
    secretKey,
    now,
    onEvent,
    advancesByItself: true,
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...statePath('stripe.sqlite'),
  });
  started.defer(stripe.close);
  const mail = await startSmtpCatcher({ ...billing.mail, now, onEvent, ...statePath('mail.sqlite') });
  started.defer(mail.close);
  const { baseUrl: stripeUrl, pageUrl: stripePageUrl } = stripe;
  const { url: smtpUrl, pageUrl: mailPageUrl } = mail;
  return {
    addresses: { ...addresses, stripeUrl, stripePageUrl, smtpUrl, mailPageUrl },
    close: closeOf(started.move()),
  };
}

function startTwilio(
  { port, accountSid, authToken, inboundUrl }: TwilioConfig,
  common: { now: () => Date; onEvent: (event: object) => void; statePath?: string },
) {
  return startTwilioSimulator({
    ...common,
    port,
    accountSid,
    authToken,
    ...(inboundUrl === undefined ? {} : { inboundUrl }),
  });
}

function closeOf(started: AsyncDisposableStack): () => Promise<void> {
  return () => started.disposeAsync();
}
