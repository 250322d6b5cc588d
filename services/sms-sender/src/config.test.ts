import { ConfigError, readConfig } from '@tollgate/shared/runtime/config.ts';
import { describe, expect, test } from 'vitest';
import { canReceiveReports, SmsSenderConfig } from './config.ts';

const live = {
  DATABASE_URL: 'postgres://localhost/tollgate',
  QUEUE_URL: 'redis://localhost',
  MASTER_KEY: Buffer.alloc(32).toString('base64'),
  PUBLIC_URL: 'https://sms.example.com',
  SMS_MANAGER_API_KEY: 'key',
};
const simulator = {
  SMS_MANAGER_BASE_URL: 'http://127.0.0.1:3001/v2',
  SMS_MANAGER_REST_URL: 'http://127.0.0.1:3001/v1',
};

describe('the sender’s configuration', () => {
  test('is live by default and speaks to the real provider', () => {
    const config = readConfig(SmsSenderConfig, live);
    expect(config.TOLLGATE_MODE).toBe('live');
    expect(config.SMS_MANAGER_BASE_URL).toBe('https://api.smsmngr.com/v2');
  });

  test('names every mistake at once', () => {
    const read = () =>
      readConfig(SmsSenderConfig, { DATABASE_URL: 'mysql://x', MASTER_KEY: 'short', PUBLIC_URL: '' });
    expect(read).toThrow(ConfigError);
    for (const name of ['DATABASE_URL', 'QUEUE_URL', 'MASTER_KEY', 'PUBLIC_URL', 'SMS_MANAGER_API_KEY']) {
      expect(read).toThrow(new RegExp(`^ {2}${name}: `, 'm'));
    }
  });

  test('refuses to start live with a simulator: nothing would be sent', () => {
    expect(() => readConfig(SmsSenderConfig, { ...live, ...simulator })).toThrow(
      'simulator, but TOLLGATE_MODE is live',
    );
  });

  test('refuses to start in the sandbox with the real provider: messages would really be sent', () => {
    expect(() => readConfig(SmsSenderConfig, { ...live, TOLLGATE_MODE: 'sandbox' })).toThrow(
      'TOLLGATE_MODE is sandbox',
    );
  });

  const twilio = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token-of-the-account',
    TWILIO_MESSAGING_SERVICE_SID: `MG${'0'.repeat(32)}`,
  };

  test('takes Twilio as a whole, and names what is missing or malformed', () => {
    expect(readConfig(SmsSenderConfig, { ...live, ...twilio }).TWILIO_BASE_URL).toBe(
      'https://api.twilio.com',
    );
    for (const name of Object.keys(twilio)) {
      const rest = Object.fromEntries(Object.entries(twilio).filter(([other]) => other !== name));
      expect(() => readConfig(SmsSenderConfig, { ...live, ...rest })).toThrow(`${name}: is missing`);
      expect(() => readConfig(SmsSenderConfig, { ...live, ...twilio, [name]: 'x' })).toThrow(`${name}: must`);
    }
  });

  test('refuses to mix a simulated Twilio with a real provider, and the other way round', () => {
    const simulated = { ...twilio, TWILIO_BASE_URL: 'http://127.0.0.1:3004' };
    expect(() => readConfig(SmsSenderConfig, { ...live, ...simulated })).toThrow(
      'TWILIO_BASE_URL: is a simulator',
    );
    const sandbox = { ...live, ...simulator, TOLLGATE_MODE: 'sandbox' };
    expect(() => readConfig(SmsSenderConfig, { ...sandbox, ...twilio })).toThrow(
      'TWILIO_BASE_URL: is the real provider',
    );
    expect(readConfig(SmsSenderConfig, { ...sandbox, ...simulated }).TWILIO_BASE_URL).toBe(
      simulated.TWILIO_BASE_URL,
    );
  });

  test.each([
    ['https://sms.example.com', true],
    ['http://sms.example.com', false],
    ['https://localhost:3000', false],
    ['https://10.1.2.3', false],
    ['https://192.168.1.5', false],
    ['https://172.20.0.1', false],
  ])('live at %s, reports can be posted to us: %s', (PUBLIC_URL, expected) => {
    expect(canReceiveReports({ TOLLGATE_MODE: 'live', PUBLIC_URL })).toBe(expected);
  });
});
