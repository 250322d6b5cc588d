import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { SECOND_MS } from '../time/durations.ts';

const EXPORT_TIMEOUT_MS = 5 * SECOND_MS;

export type TelemetryOptions = { serviceName: string; endpoint: string | undefined };

/**
 * Starts trace propagation, and export over OTLP where an endpoint is configured. The SDK is
 * loaded only then: it costs more start-up time than everything else together.
 */
export async function startTelemetry({
  serviceName,
  endpoint,
}: TelemetryOptions): Promise<{ stop(): Promise<void> }> {
  if (endpoint === undefined) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    return { stop: async () => undefined };
  }
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const traceExporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const sdk = new NodeSDK({ serviceName, traceExporter, instrumentations: [] });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
