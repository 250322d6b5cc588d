import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { listPage } from '../account/list-page.ts';
import { type Metadata, mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { apiVersion } from '../events/stripe-event.ts';
import {
  boolean,
  expand,
  list,
  listParameters,
  metadata,
  notSimulated,
  text,
  unsettable,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

export interface WebhookEndpoint {
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  application: null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: false;
  metadata: Metadata;
  status: 'disabled' | 'enabled';
  url: string;
}

const url = text(2048);
const events = list(text());

const CreateEndpoint = z.strictObject({
  api_version: z.literal(apiVersion).optional(),
  description: unsettable(text()).optional(),
  enabled_events: events,
  expand,
  metadata,
  url,
  ...notSimulated('connect'),
});

const UpdateEndpoint = z.strictObject({
  description: unsettable(text()).optional(),
  disabled: boolean.optional(),
  enabled_events: events.optional(),
  expand,
  metadata,
  url: url.optional(),
});

/** What Stripe does with webhook endpoints. They are only kept: events go where the simulator was told at its start. */
export const webhookEndpointOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/webhook_endpoints',
    params: CreateEndpoint,
    run: createEndpoint,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/webhook_endpoints',
    params: z.strictObject(listParameters),
    run: (account, page) => listPage(account, 'webhook_endpoint', { url: '/v1/webhook_endpoints' }, page),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/webhook_endpoints/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('webhook_endpoint', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/webhook_endpoints/:id',
    params: UpdateEndpoint,
    run: (account, { expand: _expand, metadata: change, disabled, ...params }, id) => {
      const endpoint = account.get('webhook_endpoint', id);
      if (params.url !== undefined) refuseUrl(params.url);
      const changes = {
        ...given(params),
        ...(disabled === undefined
          ? {}
          : { status: disabled ? ('disabled' as const) : ('enabled' as const) }),
        metadata: mergeMetadata(endpoint.metadata, change),
      };
      return account.update('webhook_endpoint', endpoint, changes, null);
    },
  }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/webhook_endpoints/:id',
    params: z.strictObject({}),
    run: (account, _params, id) => {
      account.remove('webhook_endpoint', account.get('webhook_endpoint', id), null);
      return { id, object: 'webhook_endpoint', deleted: true };
    },
  }),
];

function createEndpoint(account: Account, params: z.output<typeof CreateEndpoint>): object {
  refuseUrl(params.url);
  const endpoint: WebhookEndpoint = {
    id: account.newId('we'),
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: account.now,
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    status: 'enabled',
    url: params.url,
  };
  account.create('webhook_endpoint', endpoint, null);
  // The secret is told once, with the answer that creates the endpoint.
  return { ...endpoint, secret: account.newId('whsec') };
}

function refuseUrl(given: string): void {
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(parsed?.hostname ?? '');
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || isLocal) {
    throw invalidRequest('Invalid URL: URLs must be publicly accessible.', {
      code: 'url_invalid',
      param: 'url',
    });
  }
}
