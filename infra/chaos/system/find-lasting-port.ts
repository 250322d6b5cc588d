import { randomInt } from 'node:crypto';
import { isPortFree } from '../../local/free-port.ts';

// Below 32768, where Linux begins to give ports to outgoing connections (macOS and IANA: 49152). A port from there
// may be taken by any connection while its server is down for a moment.
const FIRST = 20_000;
const LAST = 32_000;
const ATTEMPTS_MAX = 100;

/** A free TCP port of 127.0.0.1 to which a server can come back. Throws when it finds none. */
export async function findLastingPort(): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`none of ${ATTEMPTS_MAX} ports from ${FIRST} to ${LAST} is free`);
}
