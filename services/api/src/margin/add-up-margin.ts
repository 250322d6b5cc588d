/** Messages of a group whose cost is in one currency, or not known where that is null. */
export type MarginPart = {
  key: string;
  currency: string;
  costCurrency: string | null;
  messages: number;
  revenueMicros: bigint;
  costMicros: bigint;
};

export type Margin = {
  key: string;
  currency: string;
  messages: number;
  revenueMicros: bigint;
  /** Of messages whose cost is known; null where some of it is in another currency, which is never converted. */
  marginMicros: bigint | null;
  costs: { currency: string; messages: number; revenueMicros: bigint; costMicros: bigint }[];
  withoutCost: { messages: number; revenueMicros: bigint };
};

/** Adds up the parts of each group and currency. Amounts of different currencies are never added. */
export function addUpMargin(parts: readonly MarginPart[]): Margin[] {
  const groups = Map.groupBy(parts, ({ key, currency }) => `${key} ${currency}`);
  return [...groups.values()].map((own) => {
    const [{ key, currency }] = own as [MarginPart];
    const costs = own.flatMap(({ costCurrency, messages, revenueMicros, costMicros }) =>
      costCurrency === null ? [] : [{ currency: costCurrency, messages, revenueMicros, costMicros }],
    );
    const unknown = own.filter(({ costCurrency }) => costCurrency === null);
    const isComparable = costs.length > 0 && costs.every((cost) => cost.currency === currency);
    return {
      key,
      currency,
      messages: own.reduce((sum, { messages }) => sum + messages, 0),
      revenueMicros: sumRevenue(own),
      marginMicros: isComparable
        ? costs.reduce((sum, { revenueMicros, costMicros }) => sum + revenueMicros - costMicros, 0n)
        : null,
      costs,
      withoutCost: {
        messages: unknown.reduce((sum, { messages }) => sum + messages, 0),
        revenueMicros: sumRevenue(unknown),
      },
    };
  });
}

function sumRevenue(parts: readonly { revenueMicros: bigint }[]): bigint {
  return parts.reduce((sum, { revenueMicros }) => sum + revenueMicros, 0n);
}
