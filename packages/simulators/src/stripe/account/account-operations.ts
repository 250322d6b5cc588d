import { z } from 'zod';
import { expand } from '../wire/parameters.ts';
import { accountCurrency } from './account-currency.ts';
import { defineOperation, type Operation } from './operation.ts';

/** What Stripe tells of the account itself. */
export const accountOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/account',
    params: z.strictObject({ expand }),
    run: () => ({
      id: 'acct_simulated',
      object: 'account',
      charges_enabled: true,
      country: 'CZ',
      default_currency: accountCurrency,
      details_submitted: true,
      payouts_enabled: true,
      type: 'standard',
    }),
  }),
];
