import { z } from 'zod';
import { SECOND_MS } from '../time/durations.ts';
import { defineQueue } from './define-queue.ts';

// The system's conversations on one screen. A payload grows by optional fields only, because jobs
// of the previous release are still waiting when the next one starts.

/** The most ids a job may carry. */
export const CHUNK_SIZE = 100;

const messageIds = z.object({ messageIds: z.array(z.uuid()).min(1).max(CHUNK_SIZE) });

export const sendMessages = defineQueue({
  name: 'send-messages',
  payload: messageIds,
  retry: { attemptsMax: 6, firstDelayMs: 2 * SECOND_MS },
});

/** What tenants send many of. A lane of its own, so that its chunks never hold the places of single messages. */
export const sendCampaigns = defineQueue({
  name: 'send-campaigns',
  payload: messageIds,
  retry: { attemptsMax: 6, firstDelayMs: 2 * SECOND_MS },
});

export const sendMessagesPriority = defineQueue({
  name: 'send-messages-priority',
  payload: messageIds,
  retry: { attemptsMax: 6, firstDelayMs: SECOND_MS },
});

/** Urgent messages of which a tenant sends many. One-time codes do not stand behind them. */
export const sendCampaignsPriority = defineQueue({
  name: 'send-campaigns-priority',
  payload: messageIds,
  retry: { attemptsMax: 6, firstDelayMs: SECOND_MS },
});

export const applyDeliveryReports = defineQueue({
  name: 'apply-delivery-reports',
  payload: z.object({ inboxIds: z.array(z.uuid()).min(1).max(CHUNK_SIZE) }),
  retry: { attemptsMax: 8, firstDelayMs: 2 * SECOND_MS },
});

export const lookUpMessages = defineQueue({
  name: 'look-up-messages',
  payload: messageIds,
  retry: { attemptsMax: 3, firstDelayMs: 5 * SECOND_MS },
});

export const rollUpUsage = defineQueue({
  name: 'roll-up-usage',
  payload: z.object({ tenantId: z.uuid() }),
  retry: { attemptsMax: 5, firstDelayMs: 2 * SECOND_MS },
});

/** A tick: "look now". What is due is found in PostgreSQL, whatever the tick's name. */
export const closePeriods = defineQueue({
  name: 'close-periods',
  payload: z.object({
    trigger: z.enum(['daily', 'weekly', 'monthly', 'catch-up', 'threshold', 'manual']),
    tenantId: z.uuid().optional(),
    /** Close as of this instant: a sandbox's test clock. */
    asOf: z.iso.datetime().optional(),
  }),
  retry: { attemptsMax: 5, firstDelayMs: 10 * SECOND_MS },
});

export const collectInvoice = defineQueue({
  name: 'collect-invoice',
  payload: z.object({ invoiceId: z.uuid() }),
  retry: { attemptsMax: 8, firstDelayMs: 5 * SECOND_MS },
});

/** Opens the page of a top-up, charges the card of an automatic one, or asks Stripe how it stands. */
export const advanceTopUp = defineQueue({
  name: 'advance-top-up',
  payload: z.object({ topUpId: z.uuid() }),
  retry: { attemptsMax: 5, firstDelayMs: 5 * SECOND_MS },
});

export const applyStripeEvent = defineQueue({
  name: 'apply-stripe-event',
  payload: z.object({ inboxId: z.uuid() }),
  retry: { attemptsMax: 8, firstDelayMs: 2 * SECOND_MS },
});

/** Looks at Stripe that no row asks for: what to look at is found in PostgreSQL and there. */
export const tendStripe = defineQueue({
  name: 'tend-stripe',
  payload: z.object({
    task: z.enum(['catch-up', 'compare', 'pending-items', 'meters']),
    /** Only this tenant's, where the task is about tenants. */
    tenantId: z.uuid().optional(),
  }),
  retry: { attemptsMax: 5, firstDelayMs: 30 * SECOND_MS },
});

export const sendNotification = defineQueue({
  name: 'send-notification',
  payload: z.object({ notificationId: z.uuid() }),
  retry: { attemptsMax: 6, firstDelayMs: 5 * SECOND_MS },
});

/** Every queue, for the board and for the consumers' start check. */
export const allQueues = [
  sendMessages,
  sendCampaigns,
  sendMessagesPriority,
  sendCampaignsPriority,
  applyDeliveryReports,
  lookUpMessages,
  rollUpUsage,
  closePeriods,
  collectInvoice,
  advanceTopUp,
  applyStripeEvent,
  tendStripe,
  sendNotification,
];
