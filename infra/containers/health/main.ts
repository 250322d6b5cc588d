// Docker's health check of every service: the api answers on PORT, the others on HEALTH_PORT.
const port = process.env.PORT ?? process.env.HEALTH_PORT;
const question = process.argv[2] ?? 'ready';

try {
  const answer = await fetch(`http://127.0.0.1:${port}/health/${question}`, {
    signal: AbortSignal.timeout(4_000),
  });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(`no answer on port ${port}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
