import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryRoot, temporaryRoot } from '../../infra/local/testing/temporary-root.ts';
import { readBooks, readInvoiceItems } from './local-books.ts';
import { askApi, findLeftovers, type LocalStart, openStripe, startLocally } from './local-start.ts';

// biome-ignore lint/style/noProcessEnv: whether this machine has a Redis decides which queue the start chooses
const path = process.env.PATH ?? '';

const CHARGED = '2 messages delivered, 1.50 CZK and 0.06 EUR charged';
const PROVEN = /^✓ books: [1-9]\d* checks, no discrepancy$/m;
const ACCEPTED = /accepted\s+(msg_\w+)/;

/** What a start says of the month-end, in order; each line a step that happened exactly once. */
const MONTH_END = [
  /^✓ usage rolled up .*2 of 2 messages counted$/m,
  /^✓ month closed .*20\d\d-\d\d, looked at as of 20\S+Z$/m,
  /^✓ statement .*Hotel Modrá hvězda: 1\.50 CZK used, nothing to pay$/m,
  /^✓ item at Stripe .*ii_\w+, 0\.06 EUR for Autoservis Novotný$/m,
  /^✓ usage summaries .*ucetni@hotel-modra-hvezda\.example; billing@autoservis-novotny\.example$/m,
  /^✓ invoice paid .*Stripe invoice \S+, 0\.06 EUR back for Autoservis Novotný$/m,
  /Hotel Modrá hvězda: accepted → .* → delivered → .* → invoiced$/m,
  /Autoservis Novotný: accepted → .* → delivered → .* → invoiced → pushed → paid$/m,
  PROVEN,
];

/** What takes longest is what a killed process has held: a lease, or a wake-up that was lost with its job. */
const LATER = { withinMs: 180_000 };

const CLEAN = {
  discrepancies: [],
  undelivered: 0,
  chargedTwice: [],
  unpaid: 0,
  unsentMails: 0,
};

let root: TemporaryRoot | undefined;
const starts: LocalStart[] = [];

afterEach(async () => {
  for (const start of starts.splice(0)) {
    start.process.kill('SIGINT');
    await start.exited;
  }
  root?.[Symbol.dispose]();
}, 60_000);

describe.each([
  ['with what PATH offers', path],
  ['without a Redis on PATH', ''],
])('npm start %s', { timeout: 300_000 }, (_name, pathOfStart) => {
  test('--once delivers, charges, bills and proves, and leaves nothing running; a second start goes on from there', async () => {
    const { dataRoot, start } = prepare(pathOfStart);
    const first = start(['--once']);
    expect(await first.exited, first.lines.join('\n')).toBe(0);
    const told = first.lines.join('\n');
    expect(told).toContain(CHARGED);
    expect(told).toMatch(/100\.00 → 98\.50 CZK[\s\S]*50\.00 → 49\.94 EUR/);
    for (const line of MONTH_END) expect(told).toMatch(line);
    expect(findLeftovers(dataRoot)).toEqual([]);

    const second = start(['--once']);
    expect(await second.exited, second.lines.join('\n')).toBe(0);
    const toldAgain = second.lines.join('\n');
    // What was paid for came back to the account, so the credit limit is whole again.
    expect(toldAgain).toMatch(/98\.50 → 97\.00 CZK[\s\S]*50\.00 → 49\.94 EUR/);
    for (const line of MONTH_END) expect(toldAgain).toMatch(line);
    expect(toldAgain).not.toContain('shown this once');
    expect(findLeftovers(dataRoot)).toEqual([]);
    const { invoiceIds, ...books } = await readBooks(dataRoot);
    expect(books).toEqual(CLEAN);
    expect(invoiceIds).toHaveLength(2);
    expect(await readInvoiceItems(dataRoot)).toEqual(invoiceIds);
  });

  test.each([
    ['in full flow', ACCEPTED],
    ['while the month is closed', /usage rolled up/],
  ])('after a kill -9 %s everything has happened once in the end', async (_when, deathLine) => {
    const { dataRoot, start } = prepare(pathOfStart);
    const first = start([]);
    await first.line(deathLine);
    first.process.kill('SIGKILL');
    await first.exited;
    const accepted = first.lines.flatMap((line) => ACCEPTED.exec(line)?.[1] ?? []);

    const second = start([]);
    await second.line(/Ctrl-C stops everything/, LATER);
    expect(second.lines.join('\n')).toContain(CHARGED);
    expect(second.lines.join('\n')).toMatch(PROVEN);
    await letTimePass(dataRoot, second);
    for (const id of accepted) await untilDelivered(dataRoot, id);
    await untilPushed(dataRoot, second);
    second.process.kill('SIGINT');
    expect(await second.exited).toBe(0);
    expect(second.lines.at(-1)).toBe('stopped');

    // What was delivered after the second start's month-end is billed with this one's.
    const third = start(['--once']);
    expect(await third.exited, third.lines.join('\n')).toBe(0);
    expect(findLeftovers(dataRoot)).toEqual([]);
    const { invoiceIds, ...books } = await readBooks(dataRoot);
    expect(books).toEqual(CLEAN);
    expect(await readInvoiceItems(dataRoot)).toEqual(invoiceIds);
  });
});

function prepare(pathOfStart: string) {
  root = temporaryRoot();
  const { path: folder, dataRoot } = root;
  const start = (words: string[]) => {
    const started = startLocally(folder, pathOfStart, words);
    starts.push(started);
    return started;
  };
  return { dataRoot, start };
}

// A hand-over that a killed sender never made is denied by the provider, but believed only after ten minutes.
async function letTimePass(dataRoot: string, { lines }: LocalStart): Promise<void> {
  const address = lines.flatMap((line) => /PostgreSQL .*?(127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? [])[0];
  const { postgresPassword } = JSON.parse(readFileSync(join(dataRoot, 'secrets.json'), 'utf8'));
  const client = new pg.Client({
    connectionString: `postgres://postgres:${postgresPassword}@${address}/tollgate`,
  });
  await client.connect();
  await client.query(
    "UPDATE message_attempts SET opened_at = opened_at - interval '11 minutes' WHERE closed_at IS NULL",
  );
  await client.query('UPDATE messages SET wake_at = now() WHERE wake_at > now()');
  await client.end();
}

// A message whose sender was killed is looked up at the provider when its lease has run out.
async function untilDelivered(dataRoot: string, id: string): Promise<void> {
  await until(
    `${id} is delivered`,
    async () => {
      const answers = await askApi<{ state?: string }>(dataRoot, `/v1/sms/messages/${id}`);
      return answers.some(({ state }) => state === 'delivered');
    },
    LATER,
  );
}

// An invoice whose job was lost is woken a minute after it was issued; Stripe has an item for it from then on.
async function untilPushed(dataRoot: string, started: LocalStart): Promise<void> {
  const stripe = openStripe(dataRoot, started);
  await until(
    'every invoice is pushed',
    async () => {
      const answers = await askApi<{ invoices?: { id: string; document: string }[] }>(
        dataRoot,
        '/v1/sms/invoices?limit=100',
      );
      const collected = answers.flatMap(({ invoices = [] }) =>
        invoices.filter(({ document }) => document === 'stripe'),
      );
      const { data: items } = await stripe.invoiceItems.list({ limit: 100 });
      const pushed = new Set(items.map(({ metadata }) => metadata?.invoice_id));
      return collected.length > 0 && collected.every(({ id }) => pushed.has(fromPublicId('inv', id) ?? ''));
    },
    LATER,
  );
}
