import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';

const projectRoot = join(import.meta.dirname, '../../..');

export type ServiceName = 'simulators' | 'sms-sender' | 'api';

export type ServiceDefinition = {
  name: ServiceName;
  /** The file that Node runs. */
  program: string;
  /** All that it sees of the environment, apart from what every program needs. */
  environment: Record<string, string>;
  /** The message of the line by which it says that it works. */
  readyMessage: string;
};

export type ServiceSettings = {
  secrets: Secrets;
  apiPort: number;
  simulatorPort: number;
  databaseUrl: string;
  queueUrl: string;
  logLevel: 'info' | 'debug';
  /** Where the simulators keep what they were told. */
  simulatorFolder: string;
};

/** The services in the order in which they are to be stopped last: what others call stays longest. */
export function defineServices(settings: ServiceSettings): ServiceDefinition[] {
  const { secrets, apiPort, simulatorPort, databaseUrl, queueUrl, logLevel, simulatorFolder } = settings;
  const provider = `http://127.0.0.1:${simulatorPort}`;
  const common = {
    TOLLGATE_MODE: 'sandbox',
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    MASTER_KEY: secrets.masterKey,
    PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    HEALTH_PORT: '0',
    LOG_LEVEL: logLevel,
  };
  const callbackSecret = { SMS_MANAGER_CALLBACK_SECRET: secrets.smsManagerCallbackSecret };
  return [
    {
      name: 'simulators',
      program: join(projectRoot, 'packages/simulators/src/main.ts'),
      readyMessage: 'listening',
      environment: {
        SIMULATOR_PORT: String(simulatorPort),
        SIMULATOR_STATE: simulatorFolder,
        SMS_MANAGER_API_KEY: secrets.smsManagerApiKey,
        ...callbackSecret,
      },
    },
    {
      name: 'sms-sender',
      program: join(projectRoot, 'services/sms-sender/src/main.ts'),
      readyMessage: 'ready',
      environment: {
        ...common,
        SMS_MANAGER_API_KEY: secrets.smsManagerApiKey,
        SMS_MANAGER_BASE_URL: `${provider}/v2`,
        SMS_MANAGER_REST_URL: `${provider}/v1`,
      },
    },
    {
      name: 'api',
      program: join(projectRoot, 'services/api/src/main.ts'),
      readyMessage: 'ready',
      environment: { ...common, PORT: String(apiPort), CRON_SECRET: secrets.cronSecret, ...callbackSecret },
    },
  ];
}
