import type { UsageSummaryWords } from './word-usage-summary.ts';

/** The summary for mailboxes that show no HTML; columns are aligned for a fixed-width font. */
export function writeUsageSummaryText(words: UsageSummaryWords): string {
  const { heading, tenantName, period, volume, columns, lines, total, conclusion, note, closing } = words;
  const rows = [columns, ...lines, { description: total.label, quantity: '', amount: total.amount }];
  const width = (column: keyof typeof columns) => Math.max(...rows.map((row) => row[column].length));
  const [first, second, third] = [width('description'), width('quantity'), width('amount')];
  const table = rows.map(
    ({ description, quantity, amount }) =>
      `${description.padEnd(first)}  ${quantity.padStart(second)}  ${amount.padStart(third)}`,
  );
  const blocks = [
    `${heading}: ${tenantName}\n${period}\n${volume}`,
    table.join('\n'),
    [conclusion, note].filter((line) => line !== null).join('\n'),
    closing,
  ];
  return `${blocks.join('\n\n')}\n`;
}
