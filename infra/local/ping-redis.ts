import { connect } from 'node:net';

const ANSWER_MS = 2_000;

export type RedisTarget = { port: number; pid: number; password: string | undefined };

/**
 * Whether the Redis on 127.0.0.1 is the process `pid` and answers PING, which it does not while it still loads.
 * The pid matters: a stranger who took the port in the meantime would answer just as well.
 */
export function pingRedis({ port, pid, password }: RedisTarget): Promise<boolean> {
  const commands = [...(password === undefined ? [] : [['AUTH', password]]), ['INFO', 'server'], ['PING']];
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWER_MS });
    const finish = (isReady: boolean) => {
      socket.destroy();
      resolve(isReady);
    };
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('timeout', () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
      if (answer.endsWith('+PONG\r\n')) finish(answer.includes(`\r\nprocess_id:${pid}\r\n`));
      // The last answer is an error: not ready, or not ours.
      else if (/(^|\n)-[^\n]*\r\n$/.test(answer)) finish(false);
    });
  });
}

function encode(command: string[]): string {
  return `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
