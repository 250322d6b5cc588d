import type { RequestHandler } from 'express';
import { endpointOf, type RequestCounter } from '../../common/count-requests.ts';
import { reasonOf } from '../faults/decide-answer.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';

/** Returns a handler that gives every look-up the fault that is switched on for look-ups, if there is one. */
export function bendLookups(faults: FaultSwitches, counter: RequestCounter): RequestHandler {
  return (request, response, next) => {
    const fault = faults.current().lookups;
    if (fault === undefined) return next();
    if (fault.kind === 'status') {
      response.status(fault.status).json({ message: fault.message ?? reasonOf(fault.status) });
      return;
    }
    counter.add(endpointOf(request.method, request.baseUrl + request.path), fault.kind);
    if (fault.kind === 'cut') request.socket.destroy();
  };
}
