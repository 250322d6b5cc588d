import { setTimeout as delay } from 'node:timers/promises';
import type { RunningService } from '../system/service-process.ts';
import type { System } from '../system/start-system.ts';
import type { OwnDatabase, ShutdownMode } from '../system/system-database.ts';
import type { OwnRedis, SystemQueue } from '../system/system-queue.ts';
import type { Fault, PlannedFault } from './fault.ts';

/** What chaos has power over. */
export type Victim = {
  system: Pick<System, 'simulator' | 'stripe' | 'mail' | 'gates'>;
  database: Pick<OwnDatabase, 'stopServer' | 'startServer'>;
  queue: SystemQueue | OwnRedis;
  services: readonly Pick<RunningService, 'kill'>[];
};

/** Does what is planned and undoes it when its time is over, or at once when aborted. */
export async function inject(
  victim: Victim,
  { fault, durationMs }: Pick<PlannedFault, 'fault' | 'durationMs'>,
  signal: AbortSignal,
): Promise<void> {
  const undo = await begin(victim, fault);
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
  await undo();
}

type Undo = () => unknown;

async function begin({ system, database, queue, services }: Victim, fault: Fault): Promise<Undo> {
  const { simulator, stripe, mail, gates } = system;
  switch (fault.kind) {
    case 'provider refuses connections':
      return shut(gates.provider);
    case 'provider is slow':
      return slow(gates.provider, fault.delayMs);
    case 'provider answers 503':
      return provider({ kind: 'status', status: 503 }, { kind: 'status', status: 503 });
    case 'provider cuts calls it did not take':
      return provider({ kind: 'cut', afterTaking: false }, { kind: 'cut' });
    case 'provider cuts calls it took':
      return provider({ kind: 'cut', afterTaking: true }, { kind: 'cut' });
    case 'provider hangs':
      return provider({ kind: 'hang', afterTaking: false }, { kind: 'hang' });
    case 'delivery reports are lost':
      // Only the provider's: Stripe posts its events again for three days, and nobody asks it for lost ones yet.
      simulator.faults.change({ reports: { lose: fault.count } });
      return () => simulator.faults.change({ reports: {} });
    case 'webhooks come twice':
      return webhooks({ double: true });
    case 'webhooks come in another order':
      return webhooks({ reverse: true });
    case 'webhooks come late':
      return webhooks({ delayMs: fault.delayMs });
    case 'Stripe refuses connections':
      return shut(gates.stripe);
    case 'Stripe answers 500':
      return stripeFault({ kind: 'status', status: 500 });
    case 'Stripe cuts calls it carried out':
      return stripeFault({ kind: 'cut', afterWriting: true });
    case 'Stripe hangs':
      return stripeFault({ kind: 'hang', afterWriting: false });
    case 'mail server refuses connections':
      return shut(gates.mail);
    case 'mail server asks to try later':
      return mailFault({ kind: 'refuse', code: 451 });
    case 'mail server cuts mails it took':
      return mailFault({ kind: 'cut', afterAccepting: true });
    case 'PostgreSQL is restarted':
      return stopPostgres('fast');
    case 'PostgreSQL crashes':
      return stopPostgres('immediate');
    case 'Redis is restarted':
      return stopRedis('in order', true);
    case 'Redis crashes':
      return stopRedis('crash', true);
    case 'Redis crashes and loses everything':
      return stopRedis('crash', false);
    case 'queue is emptied':
      await queue.empty();
      return nothing;
    case 'service is killed':
      await services[fault.index]?.kill();
      return nothing;
  }

  type ProviderFaults = Parameters<typeof simulator.faults.change>[0];
  function provider(always: ProviderFaults['always'], lookups: ProviderFaults['lookups']): Undo {
    simulator.faults.change({ always, lookups });
    return () => simulator.faults.change({ always: undefined, lookups: undefined });
  }

  function webhooks(faults: { double?: boolean; reverse?: boolean; delayMs?: number }): Undo {
    simulator.faults.change({ reports: faults });
    stripe.faults.change({ webhooks: faults });
    return () => {
      simulator.faults.change({ reports: {} });
      stripe.faults.change({ webhooks: {} });
    };
  }

  function stripeFault(always: Parameters<typeof stripe.faults.change>[0]['always']): Undo {
    stripe.faults.change({ always });
    return () => stripe.faults.change({ always: undefined });
  }

  function mailFault(always: Parameters<typeof mail.faults.change>[0]['always']): Undo {
    mail.faults.change({ always });
    return () => mail.faults.change({ always: undefined });
  }

  async function stopPostgres(mode: ShutdownMode): Promise<Undo> {
    await database.stopServer(mode);
    return database.startServer;
  }

  async function stopRedis(how: 'in order' | 'crash', keepsData: boolean): Promise<Undo> {
    if (!('stopServer' in queue)) return nothing;
    await queue.stopServer(how);
    return () => queue.startServer({ keepsData });
  }
}

async function shut(gate: System['gates']['provider']): Promise<Undo> {
  await gate.shut();
  return gate.open;
}

function slow(gate: System['gates']['provider'], delayMs: number): Undo {
  gate.slow(delayMs);
  return () => gate.slow(0);
}

const nothing: Undo = () => undefined;
