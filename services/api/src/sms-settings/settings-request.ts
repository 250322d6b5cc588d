import { EVERY_OTHER_COUNTRY, limitUnits } from '@tollgate/shared/guards/guard-rules.ts';
import { QUIET_MINUTES_MAX, quietMinutes } from '@tollgate/shared/guards/quiet-hours.ts';
import { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { z } from 'zod';
import { SendRequest } from '../messages/send-request.ts';
import { LimitValue } from './limit-value.ts';

const localTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 08:00' })
  .meta({ example: '20:00' });

const QuietHours = z
  .strictObject({ from: localTime, until: localTime })
  .refine((hours) => quietMinutes(hours) > 0 && quietMinutes(hours) <= QUIET_MINUTES_MAX, {
    error: 'must last more than nothing and at most twelve hours',
  });

const country = z.string().pipe(Country);
const limit = LimitValue.nullable().optional();

/** The SMS settings that a tenant changes itself. What is left out stays; null takes a setting away. */
export const SettingsRequest = z
  .strictObject({
    enabled: z.boolean().optional(),
    sender: SendRequest.shape.sender.nullable(),
    allowedCountries: z
      .array(country)
      .min(1)
      .max(250)
      .nullable()
      .optional()
      .meta({
        description: 'Countries that may be sent to; null for every one.',
        example: ['CZ', 'SK'],
      }),
    ratePerSecond: z.int().min(1).max(1_000).nullable().optional().meta({
      description: 'Messages handed over per second at most; priority messages are not slowed down.',
    }),
    chargeOn: z.enum(['accepted', 'sent', 'delivered']).optional().meta({
      description: 'The report that charges a message; for messages accepted from now on.',
    }),
    onInsufficientCredit: z.enum(['reject', 'hold']).optional(),
    quietHours: QuietHours.nullable().optional().meta({
      description: 'Between these local times of the recipient promotional messages wait.',
    }),
    limitUnit: z.enum(limitUnits).optional().meta({ description: 'What the limits count.' }),
    onLimitReached: z.enum(['reject', 'hold']).optional(),
    minuteLimit: limit,
    dailyLimit: limit,
    monthlyLimit: limit,
    recipientDailyLimit: limit,
    countryDailyLimits: z
      .record(z.union([z.literal(EVERY_OTHER_COUNTRY), country]), LimitValue)
      .nullable()
      .optional()
      .meta({ description: 'By country; "*" for every other one.', example: { CZ: 5000, '*': 100 } }),
  })
  .meta({ id: 'SmsSettingsRequest' });

export type SettingsRequest = z.infer<typeof SettingsRequest>;
