import type { LimitUnit } from '@tollgate/shared/guards/guard-rules.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { readSmsUsage } from '../usage/sms-usage.ts';
import { writeLimit } from './limit-value.ts';
import { type SettingsView, viewSettings } from './settings-view.ts';

/** The caller's settings with what this month has used of them. */
export async function findSettings(
  db: Db,
  caller: Pick<Caller, 'tenantId' | 'currency' | 'planId' | 'planIncludesSms'>,
  now: Date,
): Promise<SettingsView> {
  const { tenantId, currency, planId, planIncludesSms } = caller;
  const settings = await db.smsSettings.findUniqueOrThrow({ where: { tenantId } });
  const { month, messages, segments, cost } = await readSmsUsage(db, caller, { month: undefined, now });
  const counter = await db.guardCounter.findUnique({
    where: { tenantId_guard_subject_window: { tenantId, guard: 'month', subject: '', window: month } },
  });
  const unit = settings.limitUnit as LimitUnit;
  const counted = (unit === 'segments' ? counter?.segments : counter?.amountMicros) ?? 0n;
  const { monthLimit } = settings;
  const left = monthLimit === null ? null : monthLimit > counted ? monthLimit - counted : 0n;
  return {
    ...viewSettings(settings),
    plan: { id: planId, includesSms: planIncludesSms },
    thisMonth: {
      month,
      messages,
      segments,
      cost,
      currency,
      counted: writeLimit(counted, unit),
      left: left === null ? null : writeLimit(left, unit),
    },
  };
}
