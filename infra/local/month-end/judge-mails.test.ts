import { expect, test } from 'vitest';
import { invoiceOf, statementOf } from '../testing/billed-periods.ts';
import { judgeMails } from './judge-mails.ts';

const periods = [statementOf(), invoiceOf()];
const toHotel = { notificationId: 'mail-1', recipient: 'hotel@hotel.example' };
const toGarage = { notificationId: 'mail-2', recipient: 'garage@garage.example' };
const ofEarlierMonth = { ...toHotel, notificationId: 'mail-0' };

test('one summary arrived for each invoice', () => {
  expect(judgeMails(periods, [ofEarlierMonth, toHotel, toGarage])).toEqual({
    kind: 'done',
    said: 'hotel@hotel.example; garage@garage.example',
  });
});

test('a summary that has not arrived is waited for', () => {
  expect(judgeMails(periods, [toHotel, ofEarlierMonth])).toEqual({
    kind: 'waiting',
    missing: 'no usage summary of Garage arrived',
  });
});

test('a summary that arrived twice is wrong, even while another is awaited', () => {
  expect(judgeMails(periods, [toGarage, toGarage])).toEqual({
    kind: 'wrong',
    reason: 'the usage summary of Garage arrived 2 times',
  });
});

test('two summaries of one invoice are wrong', () => {
  expect(judgeMails([statementOf({ notificationIds: ['mail-1', 'mail-3'] })], [toHotel])).toEqual({
    kind: 'wrong',
    reason: '2 summaries of one invoice of Hotel',
  });
});
