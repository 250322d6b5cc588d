import type { CollectDeps } from '../../services/invoicer/src/collect-invoice/collect-invoice.ts';

/**
 * The same dependencies in a process that is killed after so many steps: statements in the database, wake-ups, and
 * calls of Stripe, which count twice, because death may come before the call and before its answer. From then on
 * nothing that it does has an effect.
 */
export function killedAfter<Deps extends CollectDeps>(steps: number, deps: Deps) {
  let left = steps;
  let isDead = false;
  const step = () => {
    isDead ||= left === 0;
    if (isDead) throw new Error('killed');
    left -= 1;
  };

  const prisma = deps.prisma.$extends({
    query: {
      async $allOperations({ args, query }) {
        step();
        return query(args);
      },
    },
  });
  const producer: CollectDeps['producer'] = {
    enqueue: async (...wakeUp) => {
      step();
      await deps.producer.enqueue(...wakeUp);
    },
  };
  const createItem: CollectDeps['stripe']['invoiceItems']['create'] = async (...call) => {
    step();
    const item = await deps.stripe.invoiceItems.create(...call);
    step();
    return item;
  };
  const invoiceItems = overlay(deps.stripe.invoiceItems, { create: createItem });
  return {
    deps: {
      ...deps,
      prisma: prisma as unknown as Deps['prisma'],
      producer,
      stripe: overlay(deps.stripe, { invoiceItems }),
    },
    isDead: () => isDead,
  };
}

/** The object with some of its members replaced. */
function overlay<Whole extends object>(whole: Whole, members: Partial<Whole>): Whole {
  return Object.assign(Object.create(whole), members);
}
