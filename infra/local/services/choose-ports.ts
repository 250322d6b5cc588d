import { findFreePort, isPortFree } from '../free-port.ts';

const FRIENDLY = { api: 3000, simulator: 3001 };

export type Ports = { apiPort: number; simulatorPort: number };

/** The ports that people expect where they are free, else any free ones; always free ones when `friendly` is false. */
export async function choosePorts(friendly: boolean): Promise<Ports> {
  const choose = async (port: number) => (friendly && (await isPortFree(port)) ? port : findFreePort());
  return { apiPort: await choose(FRIENDLY.api), simulatorPort: await choose(FRIENDLY.simulator) };
}

/** Whether somebody took one of the ports since they were chosen. */
export async function isAnyTaken({ apiPort, simulatorPort }: Ports): Promise<boolean> {
  return !(await isPortFree(apiPort)) || !(await isPortFree(simulatorPort));
}
