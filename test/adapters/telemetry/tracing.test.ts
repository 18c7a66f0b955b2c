import { describe, expect, it } from 'vitest';
import { traceIdsOf } from '../../../src/adapters/telemetry/trace-ids.ts';
import { wantsTraces } from '../../../src/adapters/telemetry/tracing.ts';
import { OpId } from '../../../src/domain/ids.ts';

const op = (id: string) => OpId.parse(id);

describe('traces', () => {
  it('are sent only where the standard variables ask for them', () => {
    expect(wantsTraces({})).toBe(false);
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';
    expect(wantsTraces({ OTEL_EXPORTER_OTLP_ENDPOINT })).toBe(true);
    expect(wantsTraces({ OTEL_TRACES_EXPORTER: 'otlp' })).toBe(true);
    expect(wantsTraces({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBe(false);
    expect(wantsTraces({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBe(false);
  });

  it('have the same ids in every process, and others for another operation or installation', () => {
    const ids = traceIdsOf('farm', op('op-7k2m'));
    expect(ids).toEqual(traceIdsOf('farm', op('op-7k2m')));
    expect(ids).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(traceIdsOf('farm', op('op-7k2n'))).not.toEqual(ids);
    expect(traceIdsOf('lab', op('op-7k2m'))).not.toEqual(ids);
  });
});
