import { createHash } from 'node:crypto';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { readDocument } from './read-document.ts';

export type DocumentDeps = { prisma: PrismaClient; clock: Clock };

/** The invoice, statement or credit note itself, or its reminder of a level. */
export type DocumentKind = 'document' | `reminder_${number}`;

export type StoredDocument = { pdf: Uint8Array; sha256: Uint8Array; fileName: string };

/**
 * The PDF of an invoice, rendered when it is first asked for and kept: whoever asks again, or at the same
 * moment, gets the same bytes. Null where there is no such document (yet).
 */
export async function documentOf(
  { prisma, clock }: DocumentDeps,
  invoiceId: string,
  kind: DocumentKind,
): Promise<StoredDocument | null> {
  const stored = await findDocument(prisma, invoiceId, kind);
  if (stored) return stored;
  const data = await readDocument(prisma, invoiceId, levelOf(kind));
  if (data === null) return null;
  // The PDF library is large: a process that draws nothing starts without it.
  const { renderInvoice } = await import('./render-invoice.ts');
  const pdf = new Uint8Array(await renderInvoice(data));
  const { tenantId } = await prisma.invoice.findUniqueOrThrow({
    where: { id: invoiceId },
    select: { tenantId: true },
  });
  await prisma.invoiceDocument.createMany({
    data: [{ invoiceId, kind, tenantId, pdf, sha256: sha256Of(pdf), createdAt: clock.now() }],
    skipDuplicates: true,
  });
  return findDocument(prisma, invoiceId, kind);
}

async function findDocument(
  prisma: PrismaClient,
  invoiceId: string,
  kind: DocumentKind,
): Promise<StoredDocument | null> {
  const row = await prisma.invoiceDocument.findUnique({
    where: { invoiceId_kind: { invoiceId, kind } },
    select: { pdf: true, sha256: true, invoice: { select: { number: true, id: true } } },
  });
  if (!row) return null;
  const { pdf, sha256, invoice } = row;
  return { pdf, sha256, fileName: fileNameOf(invoice.number ?? invoice.id, kind) };
}

function fileNameOf(name: string, kind: DocumentKind): string {
  const suffix = kind === 'document' ? '' : `-${kind.replace('_', '-')}`;
  return `${name.replace(/[^A-Za-z0-9-]+/g, '-')}${suffix}.pdf`;
}

function levelOf(kind: DocumentKind): number | null {
  return kind === 'document' ? null : Number(kind.slice('reminder_'.length));
}

function sha256Of(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
