import type { LimitUnit } from '@tollgate/shared/guards/guard-rules.ts';
import type { SmsSettingsChange } from '@tollgate/shared/tenants/create-tenant.ts';
import { type FieldError, invalidRequest } from '../problems/problem.ts';
import { pointerTo } from '../problems/read-body.ts';
import { type LimitValue, readLimit } from './limit-value.ts';
import type { SettingsRequest } from './settings-request.ts';

/** The limits in a request, and the columns that they go to. */
const limitColumns = {
  minuteLimit: 'minuteLimit',
  dailyLimit: 'dayLimit',
  monthlyLimit: 'monthLimit',
  recipientDailyLimit: 'recipientDayLimit',
} as const;

/** Settings as they stand, as far as a change depends on them. */
export type Standing = {
  unit: LimitUnit;
  hasLimits: (field: keyof typeof limitColumns) => boolean;
  hasCountryLimits: boolean;
};

/**
 * What a request changes. Throws the Problem that names each limit that does not fit its unit; with
 * another unit every limit that there is has to be given anew, because 500 segments are not 500 CZK.
 */
export function readChange(request: SettingsRequest, standing: Standing): SmsSettingsChange {
  const { quietHours, allowedCountries, countryDailyLimits, limitUnit, sender } = request;
  const unit = limitUnit ?? standing.unit;
  const errors: FieldError[] = [];
  const read = (path: string[], value: LimitValue): bigint => {
    const limit = readLimit(value, unit);
    if (limit === null) errors.push({ pointer: pointerTo(path), detail: unitMismatch[unit] });
    return limit ?? 0n;
  };
  const change: SmsSettingsChange = {};
  for (const [field, column] of Object.entries(limitColumns) as [keyof typeof limitColumns, LimitColumn][]) {
    const value = request[field];
    if (value !== undefined) change[column] = value === null ? null : read([field], value);
    else if (unit !== standing.unit && standing.hasLimits(field)) errors.push(missingIn(field, unit));
  }
  if (countryDailyLimits !== undefined) {
    change.countryDayLimits = Object.fromEntries(
      Object.entries(countryDailyLimits ?? {}).map(([country, value]) => [
        country,
        read(['countryDailyLimits', country], value).toString(),
      ]),
    );
  } else if (unit !== standing.unit && standing.hasCountryLimits) {
    errors.push(missingIn('countryDailyLimits', unit));
  }
  if (errors.length > 0) throw invalidRequest(errors);
  const { enabled, ratePerSecond, chargeOn, onInsufficientCredit, onLimitReached } = request;
  return {
    ...change,
    ...(enabled !== undefined && { enabled }),
    ...(sender !== undefined && { sender }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(chargeOn !== undefined && { chargeOn }),
    ...(onInsufficientCredit !== undefined && { onInsufficientCredit }),
    ...(onLimitReached !== undefined && { onLimitReached }),
    ...(limitUnit !== undefined && { limitUnit }),
    ...(allowedCountries !== undefined && { allowedCountries: [...new Set(allowedCountries ?? [])] }),
    ...(quietHours !== undefined && {
      quietFrom: quietHours?.from ?? null,
      quietUntil: quietHours?.until ?? null,
    }),
  };
}

type LimitColumn = (typeof limitColumns)[keyof typeof limitColumns];

const unitMismatch: Record<LimitUnit, string> = {
  segments: 'must be a whole number of segments, because limitUnit is segments',
  money: 'must be an amount such as "250.00", because limitUnit is money',
};

function missingIn(field: string, unit: LimitUnit): FieldError {
  return { pointer: pointerTo([field]), detail: `must be given in ${unit}, because limitUnit changes` };
}
