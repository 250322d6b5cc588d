import { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import { CANCELED_PATH, PAID_PATH } from './page-urls.ts';

const page = (title: string, text: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.25rem; }
  h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
</style>
</head>
<body><h1>${title}</h1><p>${text}</p></body>
</html>
`;

const paid = page(
  'Thank you',
  'Your payment is being checked. You can close this page: the credit is there as soon as the payment is.',
);
const canceled = page('Nothing was paid', 'You can close this page.');

/** Where customers land after Stripe's page. They say what is known at that moment: nothing is credited by looking at them. */
export function returnPages(): Router {
  const router = Router();
  const show =
    (html: string): RequestHandler =>
    (_request, response) => {
      response.type('html').send(html);
    };
  router.get(PAID_PATH, helmet(), show(paid));
  router.get(CANCELED_PATH, helmet(), show(canceled));
  return router;
}
