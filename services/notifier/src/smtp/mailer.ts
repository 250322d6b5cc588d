export type MailAddress = { name: string; address: string };

export type MailAttachment = { filename: string; content: Uint8Array; contentType: string };

/** A mail as it goes out. The identity and the date do not change from one attempt to the next. */
export type Mail = {
  /** With angle brackets. */
  messageId: string;
  date: Date;
  from: MailAddress;
  /** One bare address. */
  recipient: string;
  headers: Record<string, string>;
  subject: string;
  text: string;
  html: string;
  attachments: MailAttachment[];
};

/** Why a mail was not taken: a code for machines, and what the server said for people. */
export type MailFailure = { code: string; detail: string };

export type MailOutcome =
  | { kind: 'accepted' }
  /** This mail will never be taken. */
  | ({ kind: 'refused' } & MailFailure)
  /** Not taken now, or nobody knows: worth another attempt. */
  | ({ kind: 'deferred' } & MailFailure);

export type Mailer = {
  /** Hands one mail to the server. Never throws for the server's sake. */
  send(mail: Mail): Promise<MailOutcome>;
  close(): Promise<void>;
};
