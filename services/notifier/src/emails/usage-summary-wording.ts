/** Everything a usage summary says in one language. Another language is another value of this type. */
export type UsageSummaryWording = {
  /** BCP 47: dates, numbers and money are written its way. */
  locale: string;
  subject: (tenantName: string, period: string) => string;
  heading: string;
  period: (period: string, timeZone: string) => string;
  /** The counts are formatted; `messages` and `segments` come as numbers too, for the plural. */
  volume: (counts: {
    messages: string;
    segments: string;
    isOneMessage: boolean;
    isOneSegment: boolean;
  }) => string;
  columns: { description: string; quantity: string; amount: string };
  usage: string;
  owed: (amount: string) => string;
  owedByStripe: string;
  nothingOwed: string;
  closing: string;
};

export const english: UsageSummaryWording = {
  locale: 'en-GB',
  subject: (tenantName, period) => `${tenantName}: SMS usage, ${period}`,
  heading: 'SMS usage',
  period: (period, timeZone) => `${period}, days in ${timeZone}`,
  volume: ({ messages, segments, isOneMessage, isOneSegment }) =>
    `${messages} ${isOneMessage ? 'message' : 'messages'} in ${segments} ${isOneSegment ? 'segment' : 'segments'}`,
  columns: { description: 'Description', quantity: 'Quantity', amount: 'Amount' },
  usage: 'Usage before tax',
  owed: (amount) => `To pay: ${amount} before tax`,
  owedByStripe: 'The amount is on your invoice from Stripe, where tax is added.',
  nothingOwed: 'Nothing to pay: this statement was covered by your credit',
  closing: 'Sent by Tollgate when your period was closed.',
};
