import type { SmsSettings } from '@tollgate/shared/generated/prisma/client.ts';
import { type LimitUnit, toLimits } from '@tollgate/shared/guards/guard-rules.ts';
import { z } from 'zod';
import { LimitCount, LimitValue, writeLimit } from './limit-value.ts';

const limit = LimitValue.nullable();

export const SettingsView = z
  .object({
    enabled: z.boolean(),
    plan: z.object({ id: z.string(), includesSms: z.boolean() }),
    sender: z.string().nullable(),
    allowedCountries: z.array(z.string()).nullable(),
    ratePerSecond: z.number().int().nullable(),
    chargeOn: z.enum(['accepted', 'sent', 'delivered']),
    onInsufficientCredit: z.enum(['reject', 'hold']),
    quietHours: z.object({ from: z.string(), until: z.string() }).nullable(),
    limitUnit: z.enum(['segments', 'money']),
    onLimitReached: z.enum(['reject', 'hold']),
    minuteLimit: limit,
    dailyLimit: limit,
    monthlyLimit: limit,
    recipientDailyLimit: limit,
    countryDailyLimits: z.record(z.string(), LimitValue).nullable(),
    thisMonth: z
      .object({
        month: z.string().meta({ example: '2026-03' }),
        messages: z.number().int(),
        segments: z.number().int(),
        cost: z.string(),
        currency: z.string(),
        counted: LimitCount.meta({ description: 'What the monthly limit counts: also what is on its way.' }),
        left: LimitCount.nullable().meta({ description: 'Of the monthly limit; null without one.' }),
      })
      .meta({ description: 'What was charged this month, in the tenant’s zone.' }),
  })
  .meta({ id: 'SmsSettings' });

export type SettingsView = z.infer<typeof SettingsView>;

/** Settings as callers see them. */
export function viewSettings(settings: SmsSettings): Omit<SettingsView, 'plan' | 'thisMonth'> {
  const { quietFrom, quietUntil, allowedCountries, sender, ratePerSecond } = settings;
  const unit = settings.limitUnit as LimitUnit;
  const write = (stored: bigint | null) => (stored === null ? null : writeLimit(stored, unit));
  const byCountry = Object.entries(toLimits(settings.countryDayLimits as Record<string, string>));
  return {
    enabled: settings.enabled,
    sender,
    allowedCountries: allowedCountries.length > 0 ? allowedCountries : null,
    ratePerSecond,
    chargeOn: settings.chargeOn as SettingsView['chargeOn'],
    onInsufficientCredit: settings.onInsufficientCredit as SettingsView['onInsufficientCredit'],
    quietHours: quietFrom && quietUntil ? { from: quietFrom, until: quietUntil } : null,
    limitUnit: unit,
    onLimitReached: settings.onLimitReached as SettingsView['onLimitReached'],
    minuteLimit: write(settings.minuteLimit),
    dailyLimit: write(settings.dayLimit),
    monthlyLimit: write(settings.monthLimit),
    recipientDailyLimit: write(settings.recipientDayLimit),
    countryDailyLimits:
      byCountry.length > 0
        ? Object.fromEntries(byCountry.map(([country, stored]) => [country, writeLimit(stored, unit)]))
        : null,
  };
}
