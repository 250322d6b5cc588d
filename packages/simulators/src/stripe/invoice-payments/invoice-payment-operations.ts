import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { expand, instantFilter, listParameters, notSimulated, text } from '../wire/parameters.ts';

/** What Stripe does with the payments of invoices. */
export const invoicePaymentOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/invoice_payments',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      invoice: text().optional(),
      payment: z
        .strictObject({
          type: z.enum(['payment_intent', 'payment_record']),
          payment_intent: text().optional(),
          ...notSimulated('payment_record'),
        })
        .optional(),
      status: z.enum(['canceled', 'open', 'paid']).optional(),
    }),
    run: (account, { created, invoice, payment, status, ...page }) => {
      const where = {
        '$.invoice': invoice,
        '$.payment.type': payment?.type,
        '$.payment.payment_intent': payment?.payment_intent,
        '$.status': status,
      } as const;
      return listPage(account, 'invoice_payment', { url: '/v1/invoice_payments', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/invoice_payments/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('invoice_payment', id),
  }),
];
