import type { Response } from 'express';
import type { Answer } from './keyed-writes.ts';

/** Calls `tell` with the answer before it is sent, and sends it once that has ended. For JSON and empty answers. */
export function onAnswer(response: Response, tell: (answer: Answer) => Promise<unknown>): void {
  const { send, end } = response;
  const restore = () => Object.assign(response, { send, end });
  response.send = (body: string) => {
    restore();
    void tell({ ...headOf(response), body: JSON.parse(body) as unknown }).then(() => response.send(body));
    return response;
  };
  response.end = (() => {
    restore();
    void tell(headOf(response)).then(() => response.end());
    return response;
  }) as Response['end'];
}

function headOf(response: Response): Answer {
  const location = response.get('location');
  return {
    status: response.statusCode,
    ...(location !== undefined && { location }),
    ...(response.get('cache-control') === 'no-store' && { isShownOnce: true as const }),
  };
}
