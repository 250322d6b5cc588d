/**
 * What the state of a dispute means for the money (https://docs.stripe.com/disputes/how-disputes-work):
 * it is gone from the day the dispute begins until it is won; an inquiry (`warning_…`) or one that was
 * prevented moves none. A state that we do not know is taken for gone: less can be spent, and a person looks.
 */
export function decideDispute(status: string): 'taken' | 'returned' | 'untouched' {
  if (status === 'won') return 'returned';
  return status.startsWith('warning_') || status === 'prevented' ? 'untouched' : 'taken';
}
