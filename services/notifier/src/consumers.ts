import * as queues from '@tollgate/shared/queues/catalog.ts';
import { type Consumer, type ConsumerOptions, consume } from '@tollgate/shared/runtime/consumer.ts';
import { type SendNotificationDeps, sendNotification } from './send-notification/send-notification.ts';

type Common = Pick<ConsumerOptions<unknown>, 'connection' | 'logger' | 'bury'>;

/** How many consumers this service runs; the queue connection is sized by it. */
export const CONSUMER_COUNT = 1;

// Each mail is a connection of its own, and mail servers allow few from one client.
const MAILS_AT_ONCE = 5;

/** Every queue this service consumes, and what it does with its jobs. */
export function startConsumers(common: Common, deps: SendNotificationDeps): Consumer[] {
  return [
    consume({
      ...common,
      queue: queues.sendNotification,
      concurrency: MAILS_AT_ONCE,
      handle: ({ notificationId }) => sendNotification(deps, notificationId),
    }),
  ];
}
