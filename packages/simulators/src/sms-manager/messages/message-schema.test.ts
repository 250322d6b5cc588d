import { describe, expect, it } from 'vitest';
import { describeMistakes } from '../../common/describe-mistakes.ts';
import { Message, Messages } from './message-schema.ts';

const to = [{ phone_number: '420777123456' }];
const accepts = (message: unknown) => Message.safeParse(message).success;
const recipients = (count: number) => Array.from({ length: count }, () => to[0]);

describe('the Message object', () => {
  it('needs only a body and a recipient', () => {
    expect(accepts({ body: 'Hello', to })).toBe(true);
    expect(accepts({ body: 'Hello' })).toBe(false);
    expect(accepts({ to })).toBe(false);
  });

  it('takes everything the vendor documents', () => {
    const message = {
      body: 'See https://example.com',
      to,
      sender: '420777000111',
      flow: [
        { viber: { sender: 'Shop', buttons: [{ title: 'Open', url: 'https://example.com' }], ttl: 0.5 } },
        { sms: { gateway: 'test', type: 'utf', sender: 'Shop', ttl: 5, ttl_condition: 'delivered' } },
      ],
      tag: 'transactional,order.17',
      messageTag: 'old',
      callback: 'https://user:pass@example.com/hook?x=1',
      payload: { deep: { anything: [1, null] } },
      datetime: '2026-03-02T11:00:00Z',
      delivery_time: { days: ['monday'], start: '08:00', end: '21:00', tz: 'Europe/Prague' },
      params: { _url: { type: 'all', get_enhance: 'id', expires_at: 1736589600 }, _incoming: { any: 1 } },
    };
    expect(Message.parse(message)).toEqual(message);
    expect(accepts({ body: 'a', to, callback: { url: 'https://example.com', method: 'PUT' } })).toBe(true);
  });

  it('takes 1 to 10 recipients and 1 to 10 messages', () => {
    expect(accepts({ body: 'a', to: [] })).toBe(false);
    expect(accepts({ body: 'a', to: recipients(10) })).toBe(true);
    expect(accepts({ body: 'a', to: recipients(11) })).toBe(false);
    const batch = (count: number) => Array.from({ length: count }, () => ({ body: 'a', to }));
    expect([0, 1, 10, 11].map((count) => Messages.safeParse(batch(count)).success)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['an unknown key', { recipient: '420777123456' }],
    ['an unknown key of a recipient', { to: [{ phone_number: '420777123456', name: 'Jan' }] }],
    ['a number instead of a phone number', { to: [{ phone_number: 420777123456 }] }],
    ['an empty flow', { flow: [] }],
    ['a flow step without a channel', { flow: [{}] }],
    ['a flow step with two channels', { flow: [{ sms: {}, rcs: {} }] }],
    ['an unknown channel', { flow: [{ pigeon: {} }] }],
    ['an unknown key of a step', { flow: [{ sms: { tpye: 'sms' } }] }],
    ['a gateway of the legacy API', { flow: [{ sms: { gateway: 'economy' } }] }],
    ['an unknown type', { flow: [{ sms: { type: 'unicode' } }] }],
    ['a time to live below half a minute', { flow: [{ sms: { ttl: 0.4 } }] }],
    [
      'two buttons',
      { flow: [{ viber: { sender: 'a', buttons: Array(2).fill({ title: 'a', url: 'https://a.cz' }) } }] },
    ],
    ['a chat channel without a sender', { flow: [{ whatsapp_text: {} }] }],
    ['a template without a language', { flow: [{ whatsapp_template: { template_name: 'a', sender: '1' } }] }],
    ['a sender of 12 characters', { sender: 'TollgateSMSx' }],
    ['a sender with a plus', { sender: '+420777123456' }],
    ['a callback that is no URL', { callback: 'example.com/hook' }],
    ['a callback over another protocol', { callback: 'ftp://example.com/hook' }],
    ['a payload that is a list', { payload: ['a'] }],
    ['a payload that is text', { payload: 'a' }],
    ['a time with an offset', { datetime: '2026-03-02T11:00:00+01:00' }],
    ['a time without a zone', { datetime: '2026-03-02T11:00:00' }],
    ['an unknown day', { delivery_time: { days: ['mon'] } }],
    ['an hour that does not exist', { delivery_time: { start: '25:00' } }],
    ['an unknown time zone', { delivery_time: { tz: 'Europe/Brno' } }],
    ['an unknown parameter', { params: { _urls: {} } }],
  ])('refuses %s', (_, changes) => {
    expect(accepts({ body: 'a', to, ...changes })).toBe(false);
  });

  it('needs no body of its own when every step has one or is a template', () => {
    const template = { whatsapp_template: { template_name: 'a', language: 'cs', sender: '1' } };
    expect(accepts({ to, flow: [{ sms: { body: 'a' } }, template] })).toBe(true);
    expect(accepts({ to, flow: [template, { sms: {} }] })).toBe(false);
  });

  it('names every mistake with its place', () => {
    const { error } = Message.safeParse({ body: 'a', to: [{}], tpye: 'sms' });
    const text = error === undefined ? '' : describeMistakes(error);
    expect(text).toContain('to.0.phone_number');
    expect(text).toContain('tpye');
  });
});
