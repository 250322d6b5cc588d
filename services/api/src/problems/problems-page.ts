import { problemKinds } from './problem.ts';

/** Where the `type` of every problem leads: a page with an anchor per code. */
export const PROBLEMS_PATH = '/docs/problems';

/** The page that says of each problem what it means and what to do, as HTML without scripts. */
export function renderProblemsPage(): string {
  const entries = Object.entries(problemKinds).map(
    ([code, { status, title, meaning }]) =>
      `<h2 id="${code}"><code>${code}</code></h2>\n<p>${status} ${title}. ${meaning.replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Problems</title>
<h1>Problems</h1>
<p>Whatever the API refuses it answers as problem details (RFC 9457). Programs decide by <code>code</code>; the codes are
stable. <code>detail</code> is for people, <code>errors</code> names the fields.</p>
${entries.join('\n')}
</html>
`;
}
