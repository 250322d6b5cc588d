import { createHash, randomBytes } from 'node:crypto';
import { pastDueColumn, type UnpaidFacts, unpaidColumns, unpaidJoins } from '../guards/unpaid.ts';
import type { Db } from '../runtime/database.ts';
import type { SuspensionReason } from './suspend-tenant.ts';

export const apiScopes = ['sms:send', 'sms:read', 'sms:settings', 'billing:read', 'billing:write'] as const;
export type ApiScope = (typeof apiScopes)[number];
export type ApiKeyMode = 'live' | 'test';

/** A key as it is shown once: `tg_live_` or `tg_test_` and 192 random bits. */
export function generateApiKey(mode: ApiKeyMode): string {
  return `tg_${mode}_${randomBytes(24).toString('base64url')}`;
}

/** SHA-256 is enough for a random key: there is nothing to guess, so nothing to slow down. */
export function hashApiKey(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(key).digest());
}

export type NewApiKey = {
  id: string;
  tenantId: string;
  name: string;
  mode: ApiKeyMode;
  scopes: readonly ApiScope[];
  createdAt: Date;
  expiresAt?: Date;
};

/** Stores a new key's hash and returns the key, which cannot be had again. */
export async function createApiKey(db: Db, { scopes, ...input }: NewApiKey): Promise<string> {
  const key = generateApiKey(input.mode);
  await db.apiKey.create({
    data: { ...input, scopes: [...scopes], keyHash: hashApiKey(key), hint: `${key.slice(0, 12)}…` },
  });
  return key;
}

/** Who is calling: what the key and its tenant allow at this moment. */
export type Caller = {
  apiKeyId: string;
  tenantId: string;
  mode: ApiKeyMode;
  scopes: ApiScope[];
  tenantStatus: 'active' | 'suspended' | 'deleted';
  suspensionReason: SuspensionReason | null;
  /** What is owed, where that may keep messages from being accepted. */
  unpaid: UnpaidFacts;
  /** Promotional messages are refused for an invoice that is past due. */
  isPastDue: boolean;
  planId: string;
  planIncludesSms: boolean;
  smsEnabled: boolean;
  sender: string | null;
  chargeOn: 'accepted' | 'sent' | 'delivered';
  currency: string;
  defaultCountry: string;
  /** Countries that may be sent to; empty: every one. */
  allowedCountries: string[];
  dataKeyWrapped: Uint8Array;
};

/** The callers behind the given keys, in order; null where a key is unknown, revoked or expired. */
export async function findCallers(db: Db, keys: string[], now: Date): Promise<(Caller | null)[]> {
  const hashes = keys.map((key) => Buffer.from(hashApiKey(key)).toString('hex'));
  const rows = await db.$queryRaw<CallerRow[]>`
    SELECT encode(k.key_hash, 'hex') AS "keyHash", k.id AS "apiKeyId", k.tenant_id AS "tenantId", k.mode, k.scopes,
           t.status AS "tenantStatus", t.suspension_reason AS "suspensionReason", t.plan_id AS "planId", p.includes_sms AS "planIncludesSms",
           coalesce(s.enabled, false) AS "smsEnabled", s.sender, coalesce(s.charge_on, 'sent') AS "chargeOn",
           ${unpaidColumns}, ${pastDueColumn}, t.default_country AS "defaultCountry", t.data_key_wrapped AS "dataKeyWrapped",
           coalesce(s.allowed_countries, '{}') AS "allowedCountries"
    FROM api_keys k
    JOIN tenants t ON t.id = k.tenant_id
    JOIN plans p ON p.id = t.plan_id
    LEFT JOIN sms_settings s ON s.tenant_id = t.id ${unpaidJoins}
    WHERE k.key_hash = ANY (SELECT decode(unnest(${hashes}::text[]), 'hex'))
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ${now})`;
  const byHash = new Map(rows.map((row) => [row.keyHash, toCaller(row)]));
  return hashes.map((hash) => byHash.get(hash) ?? null);
}

type CallerRow = Omit<Caller, 'unpaid'> & UnpaidFacts & { keyHash: string };

function toCaller({ keyHash: _keyHash, ...row }: CallerRow): Caller {
  const { unpaidPolicy, unpaidAgeDays, unpaidMicros, unpaidSince, unpaidMinor, ...caller } = row;
  const { currency } = row;
  return {
    ...caller,
    unpaid: { currency, unpaidPolicy, unpaidAgeDays, unpaidMicros, unpaidSince, unpaidMinor },
  };
}
