import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { isLiveKey } from '@tollgate/shared/stripe/stripe-config.ts';
import { readCatalogue } from './read-catalogue.ts';
import { SetUpConfig } from './set-up-config.ts';
import { setUpStripe } from './set-up-stripe.ts';
import { subscribedEvents } from './subscribed-events.ts';

// npm run stripe:setup [-- --live]: products, prices, meters, webhook endpoint and portal at Stripe.
const config = readConfig(SetUpConfig, process.env);
if (isLiveKey(config.STRIPE_SECRET_KEY) && !process.argv.includes('--live')) {
  console.error('STRIPE_SECRET_KEY is a live key: run "npm run stripe:setup -- --live" if that is meant.');
  process.exit(2);
}
const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'tollgate-stripe-setup' });
try {
  const catalogue = await readCatalogue(database.prisma, new Date());
  const stripe = createStripe({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE });
  let changes = 0;
  const told = (line: string) => {
    changes += 1;
    console.log(line);
  };
  const options = { publicUrl: config.PUBLIC_URL, events: subscribedEvents };
  const { environment, notes } = await setUpStripe({ stripe, told }, catalogue, options);
  if (changes === 0) console.log('Stripe is up to date: nothing was changed.');
  console.log(`\nFor the environment of the services:\n\n${environment.join('\n')}\n`);
  for (const note of notes) console.log(note);
} finally {
  await database.close();
}
