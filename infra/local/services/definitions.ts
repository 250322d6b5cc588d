import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import { addressesOf } from './addresses.ts';
import type { Ports } from './choose-ports.ts';

/** The simulator takes any; it is no secret. */
const TWILIO_MESSAGING_SERVICE_SID = `MG${'0'.repeat(32)}`;

const projectRoot = join(import.meta.dirname, '../../..');

export type ServiceName = 'simulators' | 'notifier' | 'invoicer' | 'usage-aggregator' | 'sms-sender' | 'api';

export type ServiceDefinition = {
  name: ServiceName;
  /** The file that Node runs. */
  program: string;
  /** All that it sees of the environment, apart from what every program needs. */
  environment: Record<string, string>;
  /** The message of the line by which it says that it works. */
  readyMessage: string;
};

export type ServiceSettings = Ports & {
  secrets: Secrets;
  databaseUrl: string;
  queueUrl: string;
  logLevel: 'info' | 'debug';
  /** Where the simulators keep what they were told. */
  simulatorFolder: string;
};

/** The services in the order in which they are to be stopped last: what others call stays longest. */
export function defineServices(settings: ServiceSettings): ServiceDefinition[] {
  const { secrets, databaseUrl, queueUrl, logLevel } = settings;
  const { apiUrl, smsManagerUrl, twilioUrl, stripeUrl, smtpUrl } = addressesOf(settings);
  const common = {
    TOLLGATE_MODE: 'sandbox',
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    MASTER_KEY: secrets.masterKey,
    PUBLIC_URL: apiUrl,
    HEALTH_PORT: '0',
    LOG_LEVEL: logLevel,
  };
  const service = (name: Exclude<ServiceName, 'simulators'>, own: Record<string, string> = {}) => ({
    name,
    program: join(projectRoot, `services/${name}/src/main.ts`),
    readyMessage: 'ready',
    environment: { ...common, ...own },
  });
  return [
    defineSimulators(settings),
    service('notifier', { SMTP_URL: smtpUrl, MAIL_FROM: 'Tollgate <billing@tollgate.example>' }),
    service('invoicer', { STRIPE_SECRET_KEY: secrets.stripeSecretKey, STRIPE_API_BASE: stripeUrl }),
    service('usage-aggregator'),
    service('sms-sender', {
      SMS_MANAGER_API_KEY: secrets.smsManagerApiKey,
      SMS_MANAGER_BASE_URL: `${smsManagerUrl}/v2`,
      SMS_MANAGER_REST_URL: `${smsManagerUrl}/v1`,
      TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
      TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
      TWILIO_MESSAGING_SERVICE_SID,
      TWILIO_BASE_URL: twilioUrl,
    }),
    service('api', {
      PORT: String(settings.apiPort),
      CRON_SECRET: secrets.cronSecret,
      SMS_MANAGER_CALLBACK_SECRET: secrets.smsManagerCallbackSecret,
      TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      STRIPE_API_BASE: stripeUrl,
      STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    }),
  ];
}

// The outside world: it knows its own keys and where to report to, and nothing of ours.
function defineSimulators(settings: ServiceSettings): ServiceDefinition {
  const { secrets, simulatorPort, twilioPort, stripePort, smtpPort, mailPagePort, simulatorFolder } =
    settings;
  return {
    name: 'simulators',
    program: join(projectRoot, 'packages/simulators/src/main.ts'),
    readyMessage: 'listening',
    environment: {
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_STATE: simulatorFolder,
      SMS_MANAGER_API_KEY: secrets.smsManagerApiKey,
      SMS_MANAGER_CALLBACK_SECRET: secrets.smsManagerCallbackSecret,
      TWILIO_SIMULATOR_PORT: String(twilioPort),
      TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
      TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
      TWILIO_INBOUND_URL: `${addressesOf(settings).apiUrl}/v1/webhooks/twilio/inbound`,
      STRIPE_SIMULATOR_PORT: String(stripePort),
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
      STRIPE_WEBHOOK_URL: `${addressesOf(settings).apiUrl}/v1/webhooks/stripe`,
      SMTP_PORT: String(smtpPort),
      MAIL_PAGE_PORT: String(mailPagePort),
    },
  };
}
