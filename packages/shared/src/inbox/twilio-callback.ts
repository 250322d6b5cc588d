/** Where Twilio posts the states of messages; it signs what it posts, so the address needs no secret. */
export const TWILIO_STATUS_PATH = '/v1/webhooks/twilio/status';

/** Where Twilio posts what people write; to be entered at the Messaging Service. */
export const TWILIO_INBOUND_PATH = '/v1/webhooks/twilio/inbound';

/** The address of callbacks about states, without the attempt. */
export function twilioStatusUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/$/, '')}${TWILIO_STATUS_PATH}`;
}
