import { type Html, html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import { type PaymentMethod, testMethods } from '../payment-methods/payment-method.ts';
import type { PortalFeatures } from '../portal/portal-configuration.ts';
import type { Price } from '../prices/price.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { periodEndOf, type Subscription } from '../subscriptions/subscription.ts';
import { amountText, timeText } from './amount.ts';

const shownMax = 20;

/** Returns the page on which a customer changes cards and plan, or undefined if there is no such session. */
export function portalPage(objects: ObjectTable, id: string, note: string | undefined): string | undefined {
  const session = objects.find('billing_portal.session', id);
  const customer = session && objects.find('customer', session.customer);
  const configuration = session && objects.find('billing_portal.configuration', session.configuration);
  if (!session || !customer || !configuration) return undefined;
  const { features } = configuration;
  const ofCustomer = {
    where: { '$.customer': customer.id },
    order: 'newest first',
    limit: shownMax,
  } as const;
  const running = objects.list('subscription', {
    ...ofCustomer,
    where: { ...ofCustomer.where, '$.ended_at': null },
  });
  const show = (list: Html[]) => (list.length === 0 ? html`<p>None.</p>` : html`${list}`);
  const action = `/portal/${id}`;
  const methods = objects.list('payment_method', ofCustomer);
  const standard = customer.invoice_settings.default_payment_method;
  return pageLayout({
    title: 'Your account',
    note: `${customer.name ?? customer.id} (Stripe simulator: no money moves here)`,
    refreshing: false,
    content: html`${note === undefined ? html`` : html`<p class="state bad" role="alert">${note}</p>`}
<h2>Cards</h2>
${show(methods.map((method) => cardOf(method, standard, action)))}
${features.payment_method_update.enabled ? newCard(action) : html``}
<h2>Plan</h2>
${show(running.map((one) => planOf(objects, one, features, action)))}
${session.return_url === null ? html`` : html`<p><a href="${session.return_url}">Back</a></p>`}`,
  });
}

function cardOf(method: PaymentMethod, standard: string | null, action: string): Html {
  const name = method.card
    ? `${method.card.brand} ending in ${method.card.last4}`
    : `Bank account ending in ${method.sepa_debit?.last4}`;
  const hidden = html`<input type="hidden" name="method" value="${method.id}">`;
  return html`<div class="actions"><span>${name}</span>
${method.id === standard ? html`<span class="state good">used for invoices</span>` : html`<form method="post" action="${action}">${hidden}<button name="do" value="make_default">Use this one</button></form>`}
<form method="post" action="${action}">${hidden}<button name="do" value="remove_card">Remove</button></form></div>\n`;
}

function newCard(action: string): Html {
  const options = Object.entries(testMethods).map(
    ([name, { brand, last4 }]) => html`<option value="${name}">${brand} ${last4} (${name})</option>`,
  );
  return html`<form method="post" action="${action}" class="actions"><label>New card <select name="card">${options}</select></label>
<button name="do" value="add_card">Add and use</button></form>`;
}

function planOf(
  objects: ObjectTable,
  subscription: Subscription,
  features: PortalFeatures,
  action: string,
): Html {
  const item = subscription.items.data[0];
  const hidden = html`<input type="hidden" name="subscription" value="${subscription.id}">`;
  const ends = timeText(periodEndOf(subscription));
  const offered = features.subscription_update.products
    .flatMap(({ prices }) => prices)
    .filter((price) => price !== item?.price.id)
    .map((price) => objects.find('price', price))
    .filter((price) => price?.currency === subscription.currency) as Price[];
  return html`<p>${item ? priceText(objects, item.price) : ''}, ${subscription.status}, ${subscription.cancel_at_period_end ? 'ends' : 'renews'} ${ends}</p>
<div class="actions">
${features.subscription_cancel.enabled ? html`<form method="post" action="${action}">${hidden}<button name="do" value="${subscription.cancel_at_period_end ? 'resume' : 'cancel'}">${subscription.cancel_at_period_end ? 'Keep the plan' : 'Cancel the plan'}</button></form>` : html``}
${features.subscription_update.enabled ? offered.map((price) => html`<form method="post" action="${action}">${hidden}<input type="hidden" name="price" value="${price.id}"><button name="do" value="switch">Switch to ${priceText(objects, price)}</button></form>\n`) : html``}
</div>`;
}

function priceText(
  objects: ObjectTable,
  price: Pick<Price, 'product' | 'unit_amount' | 'currency' | 'recurring'>,
): string {
  const name = objects.find('product', price.product)?.name ?? price.product;
  return `${name}, ${amountText(price.unit_amount ?? 0, price.currency)} per ${price.recurring?.interval ?? 'piece'}`;
}
