import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { anyValue } from '../state/object-table.ts';
import { boolean, expand, instantFilter, listParameters, notSimulated, text } from '../wire/parameters.ts';
import { deleteInvoiceItem, updateInvoiceItem } from './change-invoice-item.ts';
import { createInvoiceItem } from './create-invoice-item.ts';
import { CreateInvoiceItem, UpdateInvoiceItem } from './invoice-item-params.ts';

/** What Stripe does with invoice items. */
export const invoiceItemOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/invoiceitems',
    params: CreateInvoiceItem,
    run: createInvoiceItem,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoiceitems',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      customer: text().optional(),
      invoice: text().optional(),
      pending: boolean.optional(),
      ...notSimulated('customer_account'),
    }),
    run: (account, { created, customer, invoice, pending, ...page }) => {
      const isOn = invoice ?? (pending === undefined ? undefined : pending ? null : anyValue);
      const where = { '$.customer': customer, '$.invoice': isOn } as const;
      return listPage(account, 'invoiceitem', { url: '/v1/invoiceitems', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoiceitems/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('invoiceitem', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/invoiceitems/:id',
    params: UpdateInvoiceItem,
    run: updateInvoiceItem,
  }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/invoiceitems/:id',
    params: z.strictObject({}),
    run: deleteInvoiceItem,
  }),
];
