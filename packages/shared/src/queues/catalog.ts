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

export const sendMessagesPriority = defineQueue({
  name: 'send-messages-priority',
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

/** Every queue, for the board and for the consumers' start check. */
export const allQueues = [sendMessages, sendMessagesPriority, applyDeliveryReports, lookUpMessages];
