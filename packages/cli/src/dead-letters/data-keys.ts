import { commonConfig, readConfig } from '@tollgate/shared/runtime/config.ts';
import { createDataKeys, type DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { z } from 'zod';
import type { Surroundings } from '../command.ts';

const KeyConfig = z.object({ MASTER_KEY: commonConfig.MASTER_KEY.optional() });

/** The tenants' data keys; null without MASTER_KEY, when no message's text can be opened. */
export function readDataKeys({ environment }: Pick<Surroundings, 'environment'>): DataKeys | null {
  const { MASTER_KEY: masterKey } = readConfig(KeyConfig, environment);
  return masterKey === undefined ? null : createDataKeys(masterKey);
}
