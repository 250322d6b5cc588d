import { findFreePort, isPortFree } from '../free-port.ts';

const FRIENDLY = {
  apiPort: 3000,
  simulatorPort: 3001,
  stripePort: 3002,
  mailPagePort: 3003,
  twilioPort: 3004,
};

export type Ports = {
  apiPort: number;
  /** Of SMS Manager's simulator. */
  simulatorPort: number;
  stripePort: number;
  mailPagePort: number;
  twilioPort: number;
  /** Nobody opens it in a browser, so any will do. */
  smtpPort: number;
};

/** The ports that people expect where they are free, else any free ones; always free ones when `friendly` is false. */
export async function choosePorts(friendly: boolean): Promise<Ports> {
  const choose = async (port: number) => (friendly && (await isPortFree(port)) ? port : findFreePort());
  return {
    apiPort: await choose(FRIENDLY.apiPort),
    simulatorPort: await choose(FRIENDLY.simulatorPort),
    stripePort: await choose(FRIENDLY.stripePort),
    mailPagePort: await choose(FRIENDLY.mailPagePort),
    twilioPort: await choose(FRIENDLY.twilioPort),
    smtpPort: await findFreePort(),
  };
}

/** Whether somebody took one of the ports since they were chosen. */
export async function isAnyTaken(ports: Ports): Promise<boolean> {
  for (const port of Object.values(ports)) if (!(await isPortFree(port))) return true;
  return false;
}
