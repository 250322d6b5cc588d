import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation, type Outcome } from '../account/operation.ts';
import { boolean, expand, instantFilter, listParameters, notSimulated, text } from '../wire/parameters.ts';
import { deleteInvoice, markUncollectible, sendInvoice, voidInvoice } from './close-invoice.ts';
import { finalizeInvoice } from './finalize-invoice.ts';
import type { Invoice } from './invoice.ts';
import { CreateInvoice, UpdateInvoice } from './invoice-params.ts';
import { payInvoice } from './pay-invoice.ts';
import { createInvoice, updateInvoice } from './write-invoice.ts';

const OnlyExpand = z.strictObject({ expand });

const PayInvoice = z.strictObject({
  expand,
  off_session: boolean.optional(),
  paid_out_of_band: boolean.optional(),
  payment_method: text().optional(),
  ...notSimulated('forgive', 'mandate', 'source'),
});

const ListInvoices = z.strictObject({
  ...listParameters,
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  created: instantFilter,
  customer: text().optional(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
  subscription: text().optional(),
  ...notSimulated('customer_account', 'due_date'),
});

/** What Stripe does with invoices. */
export const invoiceOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/invoices', params: CreateInvoice, run: createInvoice }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoices',
    params: ListInvoices,
    run: (account, { collection_method: method, created, customer, status, subscription, ...page }) => {
      const where = {
        '$.collection_method': method,
        '$.customer': customer,
        '$.status': status,
        '$.parent.subscription_details.subscription': subscription,
      } as const;
      return listPage(account, 'invoice', { url: '/v1/invoices', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoices/:id',
    params: OnlyExpand,
    run: (account, _params, id) => account.get('invoice', id),
  }),
  defineOperation({ method: 'POST', path: '/v1/invoices/:id', params: UpdateInvoice, run: updateInvoice }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/invoices/:id',
    params: z.strictObject({}),
    run: (account, _params, id) => deleteInvoice(account, account.get('invoice', id)),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoices/:id/lines',
    params: z.strictObject(listParameters),
    run: (account, page, id) => {
      const where = { '$.invoice': account.get('invoice', id).id } as const;
      const url = `/v1/invoices/${id}/lines`;
      return listPage(account, 'line_item', { url, where, order: 'oldest first' }, page);
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/invoices/:id/finalize',
    params: z.strictObject({ auto_advance: boolean.optional(), expand }),
    run: (account, { auto_advance: autoAdvance }, id) =>
      finalizeInvoice(account, account.get('invoice', id), { autoAdvance }),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/invoices/:id/pay',
    params: PayInvoice,
    run: (account, params, id) =>
      payInvoice(account, account.get('invoice', id), {
        isAutomatic: false,
        isOutOfBand: params.paid_out_of_band ?? false,
        paymentMethod: params.payment_method,
      }),
  }),
  change('send', sendInvoice),
  change('void', voidInvoice),
  change('mark_uncollectible', markUncollectible),
];

function change(verb: string, run: (account: Account, invoice: Invoice) => Outcome): Operation {
  return defineOperation({
    method: 'POST',
    path: `/v1/invoices/:id/${verb}`,
    params: OnlyExpand,
    run: (account, _params, id) => run(account, account.get('invoice', id)),
  });
}
