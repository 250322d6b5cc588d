import { type Agent, request } from 'node:http';

/** Posts a body as JSON with the API key; throws for any answer but 202, and for none within a minute. */
export function post(url: string, key: string, body: object, agent?: Agent): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        ...(agent && { agent }),
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
        timeout: 60_000,
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => {
          if (answer.statusCode === 202) resolve();
          else reject(new Error(`HTTP ${answer.statusCode}`));
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within a minute')));
    call.on('error', reject);
    call.end(text);
  });
}
