import type { ApiTrace } from './tollgate-api.ts';

/** The way of a message in one line, from its request to its payment as far as it has come. */
export function renderTrace({ steps, complete }: ApiTrace): string {
  return `${steps.map(describeStep).join(' → ')}${complete ? '' : ' → …'}`;
}

function describeStep({ step, result, amount, currency }: ApiTrace['steps'][number]): string {
  switch (step) {
    case 'reported':
      return result ?? step;
    case 'charged':
    case 'refunded':
      // A charge is negative in the ledger, which the word says already.
      return `${step} ${amount?.replace('-', '')} ${currency}`;
    default:
      return step.replaceAll('_', ' ');
  }
}
