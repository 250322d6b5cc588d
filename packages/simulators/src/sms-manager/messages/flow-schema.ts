import { z } from 'zod';

const stepText = z.string().min(1).optional();
const ttl = z.number().min(0.5).optional();
const ttlCondition = z.enum(['sent', 'delivered', 'seen']).optional();

/** A sender an SMS may carry: up to 11 letters and digits with single inner spaces or hyphens, or 3 to 15 digits. */
export const SmsSender = z
  .string()
  .regex(/^(?:(?=.{1,11}$)[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*|\d{3,15})$/, 'is not a valid sender');

const SmsStep = z.strictObject({
  body: stepText,
  sender: SmsSender.optional(),
  gateway: z.enum(['high', 'lowcost', 'direct', 'custom', 'simhost', 'gsm', 'test']).optional(),
  type: z.enum(['sms', 'utf']).optional(),
  ttl,
  ttl_condition: ttlCondition,
});

const ViberStep = z.strictObject({
  body: stepText,
  sender: z.string().min(1).optional(),
  buttons: z
    .array(z.strictObject({ title: z.string(), url: z.url() }))
    .max(1)
    .optional(),
  ttl,
  ttl_condition: ttlCondition,
});

const WhatsappTextStep = z.strictObject({ body: stepText, sender: z.string().min(1).optional() });

const WhatsappTemplateStep = z.strictObject({
  template_name: z.string().min(1).max(100),
  language: z.string().min(1),
  sender: z.string().min(1).optional(),
  params: z.array(z.string()).optional(),
  params_header: z.array(z.string()).optional(),
  params_buttons: z.array(z.string()).optional(),
  ttl,
  ttl_condition: ttlCondition,
});

const RcsStep = z.strictObject({
  body: stepText,
  sender: z.string().min(1).optional(),
  ttl,
  ttl_condition: ttlCondition,
});

/** One channel of a flow: an object with exactly one key, the name of the channel. */
export const FlowStep = z
  .strictObject({
    sms: SmsStep.optional(),
    viber: ViberStep.optional(),
    whatsapp_text: WhatsappTextStep.optional(),
    whatsapp_template: WhatsappTemplateStep.optional(),
    rcs: RcsStep.optional(),
  })
  .refine((step) => Object.keys(step).length === 1, 'must have exactly one channel');

export type FlowStep = z.output<typeof FlowStep>;
export type Channel = 'sms' | 'viber' | 'whatsapp_text' | 'whatsapp_template' | 'rcs';

/** Returns the channel that a flow step names. */
export function channelOf(step: FlowStep): Channel {
  if (step.viber) return 'viber';
  if (step.whatsapp_text) return 'whatsapp_text';
  if (step.whatsapp_template) return 'whatsapp_template';
  if (step.rcs) return 'rcs';
  return 'sms';
}

/** Returns the text a step carries itself; templates carry none and need none. */
export function bodyOf(step: FlowStep): string | undefined {
  return (step.sms ?? step.viber ?? step.whatsapp_text ?? step.rcs)?.body;
}

/** Returns the sender a step names itself, if any. */
export function senderOf(step: FlowStep): string | undefined {
  return (step.sms ?? step.viber ?? step.whatsapp_text ?? step.whatsapp_template ?? step.rcs)?.sender;
}
