import type { Ports } from './choose-ports.ts';

/** Where the services answer, each without a slash at the end. */
export type Addresses = {
  apiUrl: string;
  /** SMS Manager's simulator; its page is at the root, as are those of the others. */
  smsManagerUrl: string;
  twilioUrl: string;
  stripeUrl: string;
  mailPageUrl: string;
  smtpUrl: string;
};

/** The addresses on this machine that belong to the ports. */
export function addressesOf(ports: Ports): Addresses {
  const { apiPort, simulatorPort, twilioPort, stripePort, mailPagePort, smtpPort } = ports;
  const on = (port: number, protocol = 'http') => `${protocol}://127.0.0.1:${port}`;
  return {
    apiUrl: on(apiPort),
    smsManagerUrl: on(simulatorPort),
    twilioUrl: on(twilioPort),
    stripeUrl: on(stripePort),
    mailPageUrl: on(mailPagePort),
    smtpUrl: on(smtpPort, 'smtp'),
  };
}
