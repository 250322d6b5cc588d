/** The login form; `next` is where to go afterwards, `failed` says that the last try was wrong. */
export function renderLoginPage({ next, failed }: { next: string; failed: boolean }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tollgate operators</title>
<style>
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { min-height: 100vh; margin: 0; display: grid; place-items: center; }
  form { width: min(22rem, calc(100vw - 4rem)); display: grid; gap: 1rem; }
  h1 { font-size: 1.25rem; margin: 0; }
  label { display: grid; gap: .25rem; font-size: .9rem; }
  input, button { font: inherit; padding: .6rem .7rem; border-radius: .4rem; border: 1px solid #8888; }
  button { background: #1f6feb; border-color: #1f6feb; color: #fff; cursor: pointer; }
  [role=alert] { margin: 0; color: #c62828; }
</style>
</head>
<body>
<form method="post" action="/admin/login">
  <h1>Tollgate operators</h1>
  ${failed ? '<p role="alert">E-mail or password is wrong.</p>' : ''}
  <input type="hidden" name="next" value="${escapeHtml(next)}">
  <label>E-mail <input name="email" type="email" autocomplete="username" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Log in</button>
</form>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
