// A program of its own, so that tests can kill it: starts one thing, prints what it started as one line of JSON,
// and stops it in order on SIGINT. Its argument is the options as JSON.
import { prepareDataFolder } from '../data-folder.ts';
import { startPostgres } from '../postgres.ts';
import { startRedis } from '../redis.ts';
import type { StarterOptions, StarterReport } from './start-in-child.ts';

const options = JSON.parse(process.argv[2] ?? '') as StarterOptions;
const log = () => {};

if (options.kind === 'folder') holdFolder(options.root);
else await runServer(options);

function holdFolder(root: string): void {
  const folder = prepareDataFolder(root, new Date());
  folder.announce('http://127.0.0.1:4000');
  const idle = setInterval(() => {}, 60_000);
  process.once('SIGINT', () => {
    folder.release();
    clearInterval(idle);
  });
  report({ pid: process.pid, lifelinePid: process.pid, url: '' });
}

async function runServer(options: Exclude<StarterOptions, { kind: 'folder' }>): Promise<void> {
  const server =
    options.kind === 'postgres'
      ? await startPostgres({ ...options, log })
      : await startRedis({ ...options, log });
  let hasExited = false;
  void server.exited.then(() => {
    hasExited = true;
  });
  process.once('SIGINT', async () => {
    process.stdout.write(hasExited ? 'the server went first\n' : 'the server still runs\n');
    await server.stop();
    process.stdout.write('stopped\n');
  });
  const url = typeof server.url === 'string' ? server.url : server.url();
  report({ pid: server.pid, lifelinePid: server.lifelinePid, url });
}

function report(started: StarterReport): void {
  process.stdout.write(`${JSON.stringify(started)}\n`);
}
