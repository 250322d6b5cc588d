import { expect, test } from 'vitest';
import { plain } from '../terminal/colours.ts';
import { renderNews, renderTable, type StoryMessage, tableWidth } from './story-table.ts';

const message: StoryMessage = {
  tenant: 'Hotel Modrá hvězda',
  currency: 'CZK',
  id: 'msg_1',
  state: 'submitted',
  reached: { accepted: 0, sending: 20, submitted: 1_300 },
  before: '100.00',
  after: null,
};

test('the table shows how far each message got, and when', () => {
  const delivered = { ...message, tenant: 'B', reached: { accepted: 0, delivered: 2_500 }, after: '98.50' };
  expect(renderTable([message, delivered], plain)).toEqual([
    '  tenant              accepted  sending  submitted  sent  delivered  balance',
    '  Hotel Modrá hvězda  yes       +20 ms   +1.3 s     ·     ·          100.00 CZK',
    '  B                   yes       ·        ·          ·     +2.5 s     100.00 → 98.50 CZK',
  ]);
});

test('before the API has answered a row is empty', () => {
  const fresh = { ...message, id: null, reached: {}, before: null };
  expect(renderTable([fresh], plain)[1]).toBe('  Hotel Modrá hvězda');
});

test('the width is that of the widest line, colours not counted', () => {
  expect(tableWidth([message])).toBe(renderTable([message], plain)[1]?.length);
});

test('news are the steps reached since the last look', () => {
  expect(renderNews(message, { accepted: 0 })).toEqual([
    '  Hotel Modrá hvězda   sending    +20 ms   msg_1',
    '  Hotel Modrá hvězda   submitted  +1.3 s   msg_1',
  ]);
  expect(renderNews(message, message.reached)).toEqual([]);
});
