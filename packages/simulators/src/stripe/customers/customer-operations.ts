import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import {
  currency,
  expand,
  instantFilter,
  integer,
  listParameters,
  metadata,
  notSimulated,
  text,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { changeBalance } from './balance-transaction.ts';
import { CreateCustomer, UpdateCustomer } from './customer-params.ts';
import { deleteCustomer } from './delete-customer.ts';
import { createCustomer, updateCustomer } from './write-customer.ts';

/** What Stripe does with customers, their balance and their tax ids. */
export const customerOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/customers',
    params: CreateCustomer,
    run: createCustomer,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/customers',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      email: text(512).optional(),
      ...notSimulated('test_clock'),
    }),
    run: (account, { email, created, ...page }) =>
      listPage(account, 'customer', { url: '/v1/customers', where: { '$.email': email }, created }, page),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/customers/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) =>
      account.objects.find('deleted_customer', id) ?? account.get('customer', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/customers/:id',
    params: UpdateCustomer,
    run: (account, params, id) => updateCustomer(account, id, params),
  }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/customers/:id',
    params: z.strictObject({}),
    run: (account, _params, id) => deleteCustomer(account, id),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/customers/:id/balance_transactions',
    params: z.strictObject({ ...listParameters, created: instantFilter, invoice: text().optional() }),
    run: (account, { created, invoice, ...page }, id) => {
      const where = { '$.customer': account.get('customer', id).id, '$.invoice': invoice } as const;
      const url = `/v1/customers/${id}/balance_transactions`;
      return listPage(account, 'customer_balance_transaction', { url, where, created }, page);
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/customers/:id/balance_transactions',
    params: z.strictObject({
      amount: integer,
      currency,
      description: text(350).optional(),
      expand,
      metadata,
    }),
    run: (account, { amount, currency: given, description, metadata: change }, id) => {
      const customer = account.get('customer', id);
      if (amount === 0) throw invalidRequest('The amount must not be zero.', { param: 'amount' });
      return changeBalance(account, customer.id, {
        amount,
        currency: given,
        type: 'adjustment',
        description: description ?? null,
        metadata: mergeMetadata({}, change),
      });
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/customers/:id/tax_ids',
    params: z.strictObject(listParameters),
    run: (account, page, id) => {
      const where = { '$.customer': account.get('customer', id).id } as const;
      return listPage(account, 'tax_id', { url: `/v1/customers/${id}/tax_ids`, where }, page);
    },
  }),
];
