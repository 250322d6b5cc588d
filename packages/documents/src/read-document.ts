import { variableSymbol } from '@tollgate/shared/billing/number-series.ts';
import { Parties, readParties } from '@tollgate/shared/billing/parties.ts';
import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import type { DocumentData, DocumentRow, VatTreatment } from './document-data.ts';

const parts = {
  period: true,
  credits: { select: { kind: true, number: true, stripeInvoiceNumber: true } },
  lines: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.InvoiceInclude;

type InvoiceRow = Prisma.InvoiceGetPayload<{ include: typeof parts }>;

/**
 * What a document of the invoice says: the invoice as it was issued, or the reminder of a level with
 * what is still to be paid. Null where there is no such invoice or reminder, and while an operator has
 * not approved it.
 */
export async function readDocument(
  db: Db,
  invoiceId: string,
  reminderLevel: number | null,
): Promise<DocumentData | null> {
  const row = await db.invoice.findUnique({ where: { id: invoiceId }, include: parts });
  if (!row || row.state === 'awaiting_approval') return null;
  const parties = row.parties === null ? null : Parties.parse(row.parties);
  const { issuer, payer } = parties ?? (await readParties(db, row.tenantId));
  const issuedOn = parties?.issuedOn ?? localDate(row.issuedAt, row.period?.timeZone ?? issuer.timeZone);
  const dueOn = row.dueOn === null ? null : isoDay(row.dueOn);
  // Stripe asks for its money at once.
  const reminder = await readReminder(db, row, dueOn ?? issuedOn, reminderLevel, issuer.timeZone);
  if (reminderLevel !== null && reminder === null) return null;
  const isOurs = row.document === 'ours';
  const isTaxed = isOurs || row.taxedUseMicros !== 0n;
  const number = row.number ?? row.stripeInvoiceNumber;
  return {
    kind: kindOf(row),
    locale: payer.locale,
    number,
    reference: toPublicId('inv', row.id),
    isVoid: row.state === 'void',
    isSection: row.document === 'section',
    issuer: {
      ...issuer,
      name: issuer.legalName,
      registerNote: issuer.registerEntry,
      email: issuer.email,
    },
    payer: { ...payer, name: payer.legalName },
    issuedAt: row.issuedAt,
    issuedOn,
    taxPointOn: isTaxed ? (parties?.taxPointOn ?? null) : null,
    dueOn: row.kind === 'usage' ? (dueOn ?? (reminder && issuedOn)) : null,
    creditsNumber: row.credits === null ? null : (row.credits.number ?? row.credits.stripeInvoiceNumber),
    creditsTopUp: row.credits?.kind === 'top_up',
    period: row.period && {
      firstDay: localDate(row.period.startsAt, row.period.timeZone),
      lastDay: localDate(new Date(row.period.endsAt.getTime() - 1), row.period.timeZone),
      timeZone: row.period.timeZone,
    },
    currency: row.currency,
    rows: await readRows(db, row),
    vatTreatment: row.document === 'stripe' ? 'stripe' : (row.vatTreatment as VatTreatment),
    vatRateBps: row.vatRateBps,
    totalMinor: row.totalMinor,
    vatMinor: row.vatMinor,
    grossMinor: row.grossMinor,
    taxedUse:
      row.taxedUseMicros === 0n
        ? null
        : {
            grossMinor: roundToMinorUnits(row.taxedUseMicros, row.currency),
            vatMinor: row.taxedUseVatMinor,
          },
    // What came in later is no part of the document: it says what was asked for when it was issued.
    settledMinor: reminder === null ? 0n : row.paidMinor + row.creditedMinor,
    bank:
      isOurs && row.period?.collection === 'bank_transfer' && issuer.iban !== null && number !== null
        ? { iban: issuer.iban, bic: issuer.bic, variableSymbol: variableSymbol(number) }
        : null,
    reminder,
  };
}

function kindOf({ kind, document }: InvoiceRow): DocumentData['kind'] {
  if (kind === 'credit_note' || kind === 'top_up') return kind;
  return document === 'ours' ? 'invoice' : 'statement';
}

async function readReminder(
  db: Db,
  { id }: InvoiceRow,
  dueOn: string,
  level: number | null,
  timeZone: string,
): Promise<DocumentData['reminder']> {
  if (level === null) return null;
  const row = await db.invoiceReminder.findUnique({
    where: { invoiceId_level: { invoiceId: id, level } },
  });
  if (!row) return null;
  const remindedOn = localDate(row.remindedAt, timeZone);
  const daysPastDue = Math.round((Date.parse(remindedOn) - Date.parse(dueOn)) / DAY_MS);
  return { level, remindedOn, daysPastDue };
}

/** The lines, each section followed by the lines of the record that it stands for. */
async function readRows(db: Db, { lines }: InvoiceRow): Promise<DocumentRow[]> {
  const sectionIds = lines.flatMap(({ sectionInvoiceId }) => sectionInvoiceId ?? []);
  const sections = await db.invoice.findMany({
    where: { id: { in: sectionIds } },
    include: { lines: { orderBy: { position: 'asc' } } },
  });
  const tenants = await db.tenant.findMany({
    where: { id: { in: sections.map(({ tenantId }) => tenantId) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(tenants.map(({ id, name }) => [id, name]));
  return lines.flatMap((line): DocumentRow[] => {
    const section = sections.find(({ id }) => id === line.sectionInvoiceId);
    if (!section) return [{ kind: 'line', isOfSection: false, line }];
    const name = nameOf.get(section.tenantId) ?? line.description;
    return [
      { kind: 'section', name, amountMicros: line.amountMicros },
      ...section.lines.map((own): DocumentRow => ({ kind: 'line', isOfSection: true, line: own })),
    ];
  });
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
