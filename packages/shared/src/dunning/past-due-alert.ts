/** Kind of the operators' alert on a tenant whose invoices are past due. */
export const PAST_DUE_ALERT = 'past_due';
