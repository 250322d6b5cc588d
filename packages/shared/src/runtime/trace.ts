import { randomBytes } from 'node:crypto';
import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('tollgate');

/** The W3C traceparent of what is running now, or undefined outside any trace. */
export function currentTraceParent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Trace id of what is running now, for logs and answers. */
export function currentTraceId(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}

/**
 * Runs `work` in a span that continues the given traceparent, or starts a trace. Ids exist also
 * where no collector is configured, so that logs of one message can be found together.
 */
export function inSpan<Result>(
  name: string,
  { parent, ...options }: SpanOptions & { parent?: string | undefined },
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const inherited = parent ? continueTrace(parent) : context.active();
  const active = trace.getSpanContext(inherited)
    ? inherited
    : trace.setSpanContext(inherited, newSpanContext());
  return tracer.startActiveSpan(name, options, active, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.message : String(error),
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A caller names its trace, but whether ours is recorded is ours to decide. */
function continueTrace(parent: string): Context {
  const extracted = propagation.extract(context.active(), { traceparent: parent });
  const spanContext = trace.getSpanContext(extracted);
  return spanContext
    ? trace.setSpanContext(extracted, { ...spanContext, traceFlags: TraceFlags.SAMPLED })
    : extracted;
}

function newSpanContext() {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.SAMPLED,
  };
}
