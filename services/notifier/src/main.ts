import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { startDeadLetterSweep } from '@tollgate/shared/dead-letters/start-dead-letter-sweep.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { announceWorker, openService } from '@tollgate/shared/runtime/open-service.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { NotifierConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { createSmtpMailer } from './smtp/smtp-mailer.ts';
import { sweepNotifications } from './sweep/sweep-notifications.ts';

const name = 'notifier';

await runService(process, name, async () => {
  const config = readConfig(NotifierConfig, process.env);
  const service = await openService({ name, config, workersMax: CONSUMER_COUNT });
  const { clock, logger, prisma, connection, transactions } = service;
  const mailer = createSmtpMailer({ url: config.SMTP_URL });

  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    { ...transactions, clock, logger, mailer, mailFrom: config.MAIL_FROM, random: Math.random },
  );
  const sweeper = startSweeper({
    ...transactions,
    logger,
    name: 'notifications',
    everyMs: 5 * SECOND_MS,
    sweep: (tx) => sweepNotifications(tx, clock.now()),
  });
  const deadLetterSweep = startDeadLetterSweep({ prisma, clock, connection, logger });
  return announceWorker(service, config, {
    sweepers: [sweeper, deadLetterSweep],
    consumers,
    closing: [['mailer', mailer.close]],
  });
});
