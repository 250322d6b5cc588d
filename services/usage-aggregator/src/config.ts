import { commonConfig } from '@tollgate/shared/runtime/config.ts';
import { z } from 'zod';

export const UsageAggregatorConfig = z.object({ ...commonConfig });

export type UsageAggregatorConfig = z.infer<typeof UsageAggregatorConfig>;
