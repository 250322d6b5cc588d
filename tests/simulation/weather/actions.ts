import { recordPurchase } from '@tollgate/shared/credit/record-purchase.ts';
import { DiedError } from '../processes.ts';
import { PAUSE } from '../stage.ts';
import type { World } from './world.ts';

// What can happen next. Each ends when everything stands still again.

/** Jobs or webhooks that may come at once. */
const JOINED_MAX = 12;

/** Lets one waiting process go on, or, in bad weather, ends it where it stands. */
export async function openGate({ stage, random, log, processes }: World, crashRate: number): Promise<void> {
  const gates = stage.gates();
  // Whoever pauses rather waits for the others than asks again and again.
  const busy = gates.filter(({ at }) => at !== PAUSE);
  const gate = random.pick(busy.length > 0 && random.chance(0.95) ? busy : gates);
  if (random.chance(crashRate)) {
    log.add(`${gate.process} dies ${gate.at}`);
    processes.crash(gate.process);
    return stage.settle();
  }
  log.add(`${gate.process} passes ${gate.at}`);
  return stage.open(gate);
}

/** Begins one due job, or a few of its queue together. */
export async function startJobs({ queue, random, processes, stage }: World): Promise<void> {
  const due = queue.due();
  const first = random.pick(due);
  const same = due.filter((job) => job !== first && job.queue.name === first.queue.name);
  const company = random.chance(0.6) ? same.slice(0, random.int(1, JOINED_MAX)) : [];
  processes.startJobs([first, ...company]);
  return stage.settle();
}

/** Sends requests that have no answer yet, and now and then one that has. */
export async function sendRequests({ client, random, stage }: World, count: number): Promise<void> {
  const unanswered = client.unanswered().slice(0, count);
  const answered = client.requests.filter(({ answers, isWaiting }) => answers.length > 0 && !isWaiting);
  const again = answered.length > 0 && random.chance(0.1) ? [random.pick(answered)] : [];
  client.send([...unanswered, ...again]);
  return stage.settle();
}

/** Brings webhooks that are due to the api, some of them together. */
export async function deliverLetters({ post, random, processes, stage, log }: World): Promise<void> {
  const due = post.due();
  const letters = random.chance(0.5) ? [random.pick(due)] : due.slice(0, random.int(1, JOINED_MAX));
  post.take(letters);
  for (const letter of letters) {
    const { externalId, body, source } = letter;
    log.add(`the api gets a webhook of ${source}`);
    const answered = processes.askApi((api) =>
      source === 'stripe'
        ? api.storeStripeEvent({ externalId, body })
        : api.storeReport({ externalId, body }),
    );
    void answered.then(
      () => post.answered(letter),
      (error: unknown) => {
        if (!(error instanceof DiedError)) log.add(`webhook refused: ${String(error)}`);
        post.unanswered(letter);
      },
    );
  }
  return stage.settle();
}

/** The provider works on what it took, and Stripe tells what happened; both go to the post. */
export async function moveOutside(world: World): Promise<void> {
  const { simulators, post, random } = world;
  await simulators.sms.advance();
  for (const report of simulators.reports.take()) post.post({ source: 'sms-manager', ...report });
  for (const event of simulators.stripe.objects.events(world.lastStripeEvent)) {
    world.lastStripeEvent = event.id;
    // An endpoint asks for the types it wants; a few others still come.
    if (!event.type.startsWith('invoice.') && !random.chance(0.05)) continue;
    post.post({ source: 'stripe', externalId: event.id, body: JSON.stringify(event) });
  }
}

/** Stripe begins the next period of a subscription: its invoice takes the waiting items and is collected. */
export function renewSubscription({ simulators, random, log }: World): void {
  const running = simulators.stripe.objects.subscriptions().filter(({ status }) => status !== 'incomplete');
  if (running.length === 0) return;
  const { id } = random.pick(running);
  log.add('Stripe renews a subscription');
  simulators.stripe.renewSubscription(id);
}

/** A tenant buys credit. */
export async function buyCredit(
  { prisma, tenants, random, now, log }: World,
  reference: string,
): Promise<void> {
  const { id: tenantId, plan } = random.pick(tenants);
  if (plan.paymentTerms === 'postpaid') return;
  const amountMicros = BigInt(random.int(1, 5)) * 1_500_000n;
  log.add(`${plan.name} buys credit for ${amountMicros} micros`);
  const purchase = {
    tenantId,
    currency: plan.currency,
    amountMicros,
    reference,
    description: 'top-up',
    createdBy: 'test',
  };
  await prisma.$transaction((db) => recordPurchase(db, purchase, now()));
}
