/** What an open period of cadence "threshold" has come to, and the lines that end it. */
export type ThresholdState = {
  usageMicros: bigint;
  segments: bigint;
  thresholdMicros: bigint | null;
  thresholdSegments: bigint | null;
};

export type ThresholdMeasure = {
  /** Whole per cent of the line that is nearer, rounded down; below zero where more was taken back than used. */
  percent: number;
  /** Which of the two lines is nearer. */
  unit: 'money' | 'segments';
};

/** How near the usage is to its line; null without a line. A line is reached at 100. */
export function measureThreshold(state: ThresholdState): ThresholdMeasure | null {
  const money = percentOf(state.usageMicros, state.thresholdMicros);
  const segments = percentOf(state.segments, state.thresholdSegments);
  if (money === null && segments === null) return null;
  if (segments === null || (money !== null && money >= segments)) {
    return { percent: Number(money), unit: 'money' };
  }
  return { percent: Number(segments), unit: 'segments' };
}

function percentOf(used: bigint, line: bigint | null): bigint | null {
  return line === null || line <= 0n ? null : (used * 100n) / line;
}
