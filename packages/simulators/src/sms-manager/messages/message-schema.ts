import { z } from 'zod';
import { bodyOf, channelOf, FlowStep, SmsSender, senderOf } from './flow-schema.ts';

const recipientsMax = 10;
const messagesMax = 10;

const CallbackUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const DeliveryTime = z.strictObject({
  days: z
    .array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']))
    .optional(),
  start: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
    .optional(),
  end: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be HH:MM')
    .optional(),
  tz: z.string().refine(isTimeZone, 'must be an IANA time zone').optional(),
});

export type DeliveryTime = z.output<typeof DeliveryTime>;

const Params = z.strictObject({
  _url: z
    .strictObject({
      type: z.enum(['full', 'all']).optional(),
      domain: z.string().min(1).optional(),
      get_enhance: z.literal('id').optional(),
      get_name: z.string().min(1).optional(),
      expires_at: z.int().optional(),
      expires: z.int().optional(),
    })
    .optional(),
  _incoming: z.looseObject({}).optional(),
});

// Unknown keys are refused although the published schema is silent about them: a typo in a field name must fail
// here, not turn into a default in front of a customer.
/** The Message object of JSON API v2 (`/message`, `/message/priority`, elements of `/messages`). */
export const Message = z
  .strictObject({
    body: z.string().min(1).optional(),
    to: z
      .array(z.strictObject({ phone_number: z.string() }))
      .min(1)
      .max(recipientsMax),
    sender: SmsSender.optional(),
    flow: z.array(FlowStep).min(1).optional(),
    tag: z.string().optional(),
    messageTag: z.string().optional(),
    callback: z.union([CallbackUrl, z.looseObject({})]).optional(),
    payload: z.record(z.string(), z.unknown()).optional(),
    datetime: z.iso.datetime({ error: 'must be ISO 8601 in UTC' }).optional(),
    delivery_time: DeliveryTime.optional(),
    params: Params.optional(),
  })
  .superRefine((message, context) => {
    const steps = message.flow ?? [{ sms: {} }];
    for (const [index, step] of steps.entries()) {
      const channel = channelOf(step);
      if (channel !== 'whatsapp_template' && !(bodyOf(step) ?? message.body)) {
        context.addIssue({ code: 'custom', path: ['body'], message: 'is required' });
      }
      if (channel !== 'sms' && channel !== 'rcs' && !(senderOf(step) ?? message.sender)) {
        const path = ['flow', index, channel, 'sender'];
        context.addIssue({ code: 'custom', path, message: 'is required' });
      }
    }
  });

export type Message = z.output<typeof Message>;

/** The body of `POST /messages`. */
export const Messages = z.array(Message).min(1).max(messagesMax);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
