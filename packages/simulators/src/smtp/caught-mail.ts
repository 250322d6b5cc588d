/** What is known of an attachment; its content is not kept. */
export interface AttachmentFacts {
  filename: string | null;
  mimeType: string;
  sizeBytes: number;
}

/** A mail as it was accepted. */
export interface CaughtMail {
  id: string;
  /** ISO 8601 in UTC. */
  receivedAt: string;
  /** The sender of the envelope; empty for a bounce. */
  from: string;
  /** The recipients of the envelope. */
  to: string[];
  subject: string;
  messageId: string | null;
  /** By lower-case name; several of one name stand on lines of their own. */
  headers: Record<string, string>;
  text: string | null;
  html: string | null;
  attachments: AttachmentFacts[];
}
