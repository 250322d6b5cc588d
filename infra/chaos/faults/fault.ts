/** What is done to the road to a server outside, or by the server itself, for a while. */
export type ProviderFault =
  | { kind: 'provider refuses connections' }
  | { kind: 'provider is slow'; delayMs: number }
  | { kind: 'provider answers 503' }
  | { kind: 'provider cuts calls it did not take' }
  | { kind: 'provider cuts calls it took' }
  | { kind: 'provider hangs' };

export type WebhookFault =
  | { kind: 'delivery reports are lost'; count: number }
  | { kind: 'webhooks come twice' }
  | { kind: 'webhooks come in another order' }
  | { kind: 'webhooks come late'; delayMs: number };

export type StripeFault =
  | { kind: 'Stripe refuses connections' }
  | { kind: 'Stripe answers 500' }
  | { kind: 'Stripe cuts calls it carried out' }
  | { kind: 'Stripe hangs' };

export type MailFault =
  | { kind: 'mail server refuses connections' }
  | { kind: 'mail server asks to try later' }
  | { kind: 'mail server cuts mails it took' };

export type ServerFault =
  | { kind: 'PostgreSQL is restarted' }
  | { kind: 'PostgreSQL crashes' }
  | { kind: 'Redis is restarted' }
  | { kind: 'Redis crashes' }
  | { kind: 'Redis crashes and loses everything' }
  | { kind: 'queue is emptied' };

/** Which of the running services is killed is told by its place in the list of services. */
export type ProcessFault = { kind: 'service is killed'; index: number };

export type Fault = ProviderFault | WebhookFault | StripeFault | MailFault | ServerFault | ProcessFault;

/** A fault, when it begins and how long it lasts; in milliseconds from the beginning. */
export type PlannedFault = { atMs: number; durationMs: number; fault: Fault };
