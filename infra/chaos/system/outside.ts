import { systemClock } from '@tollgate/shared/time/clock.ts';
import { startSmsManagerSimulator } from '@tollgate/simulators/sms-manager/start-sms-manager-simulator.ts';
import { startSmtpCatcher } from '@tollgate/simulators/smtp/start-smtp-catcher.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { type Gate, startGate } from './gate.ts';

const callbackSecret = 'callback-secret-of-the-account';
const smsManagerKey = 'sim-key';
const webhookSecret = 'whsec_scenarios';

/** Stripe's key of every system. */
export const stripeKey = 'sk_test_scenarios';

// Providers wait minutes and hours before they post a webhook again; here they wait a fraction of that.
const SMS_MANAGER_RETRY_SCALE = 0.02;
const STRIPE_RETRY_SCALE = 0.01;

export type Outside = Awaited<ReturnType<typeof startOutside>>;

/** SMS Manager, Stripe and a mail server, each behind a gate, for an api that will answer at the address. */
export async function startOutside(apiUrl: string) {
  const { now } = systemClock;
  const simulator = await startSmsManagerSimulator({
    apiKey: smsManagerKey,
    callbackSecret,
    now,
    reportDelaysMs: { sent: 10, delivered: 30 },
    retryScale: SMS_MANAGER_RETRY_SCALE,
  });
  const stripe = await startStripeSimulator({
    secretKey: stripeKey,
    webhookSecret,
    webhookUrl: `${apiUrl}/v1/webhooks/stripe`,
    now,
    webhookDelayMs: 10,
    retryScale: STRIPE_RETRY_SCALE,
  });
  const mail = await startSmtpCatcher({ now });
  const gates = {
    provider: await startGate(new URL(simulator.baseUrl).origin),
    stripe: await startGate(stripe.baseUrl),
    mail: await startGate(mail.url),
  };
  return {
    simulator,
    stripe,
    mail,
    gates,
    /** What the services have to know of the world outside. */
    environment: {
      SMS_MANAGER_API_KEY: smsManagerKey,
      SMS_MANAGER_BASE_URL: `${gates.provider.url}/v2`,
      SMS_MANAGER_REST_URL: `${gates.provider.url}/v1`,
      SMS_MANAGER_CALLBACK_SECRET: callbackSecret,
      STRIPE_SECRET_KEY: stripeKey,
      STRIPE_API_BASE: gates.stripe.url,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      SMTP_URL: gates.mail.url,
      MAIL_FROM: 'Tollgate <billing@tollgate.example>',
    },
    /** Everything outside works again. */
    async heal() {
      for (const { faults } of [simulator, stripe, mail]) faults.clear();
      await Promise.all(Object.values(gates).map(openGate));
    },
    async close() {
      await Promise.all(Object.values(gates).map((gate) => gate.shut()));
      await Promise.all([simulator.close(), stripe.close(), mail.close()]);
    },
  };
}

function openGate(gate: Gate): Promise<void> {
  gate.slow(0);
  return gate.open();
}
