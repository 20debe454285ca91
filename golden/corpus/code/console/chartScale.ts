/** Turns ranges of data into axes that people can read, and thins long series. */

export interface Point {
  readonly at: number;
  readonly value: number;
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

const FRIENDLY = [1, 2, 2.5, 5, 10];

/** The smallest friendly step that gives no more than `wanted` intervals. */
export function friendlyStep(span: number, wanted: number): number {
  const rough = span / Math.max(1, wanted);
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  for (const factor of FRIENDLY) {
    if (factor * power >= rough) {
      return factor * power;
    }
  }
  return 10 * power;
}

/**
 * An axis around the data. A flat line gets one unit of air on both sides, since a chart
 * whose axis has no height cannot be drawn.
 */
export function axisFor(values: readonly number[], wanted = 6): Axis {
  const finite = values.filter((v) => Number.isFinite(v));
  if (finite.length === 0) {
    return { from: 0, to: 1, ticks: [0, 1] };
  }
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (low === high) {
    low -= 1;
    high += 1;
  }
  const step = friendlyStep(high - low, wanted);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step;
  const ticks: number[] = [];
  for (let i = 0; from + i * step <= to + step / 2; i += 1) {
    ticks.push(Number((from + i * step).toPrecision(12)));
  }
  return { from, to, ticks };
}

/**
 * Largest-triangle thinning: keeps the first and last point and, from every bucket, the
 * point that spans the largest area with its neighbours. Peaks survive, noise goes.
 */
export function thin(points: readonly Point[], keep: number): Point[] {
  if (keep >= points.length || keep < 3) {
    return [...points];
  }
  const bucket = (points.length - 2) / (keep - 2);
  const kept: Point[] = [points[0]];
  for (let i = 0; i < keep - 2; i += 1) {
    const start = Math.floor(i * bucket) + 1;
    const end = Math.floor((i + 1) * bucket) + 1;
    const next = points.slice(end, Math.floor((i + 2) * bucket) + 1);
    const mean = centre(next.length > 0 ? next : [points[points.length - 1]]);
    const previous = kept[kept.length - 1];
    let best = points[start];
    let bestArea = -1;
    for (const candidate of points.slice(start, end)) {
      const area = Math.abs(
        (previous.at - mean.at) * (candidate.value - previous.value) -
          (previous.at - candidate.at) * (mean.value - previous.value),
      );
      if (area > bestArea) {
        bestArea = area;
        best = candidate;
      }
    }
    kept.push(best);
  }
  kept.push(points[points.length - 1]);
  return kept;
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce((a, p) => ({ at: a.at + p.at, value: a.value + p.value }), { at: 0, value: 0 });
  return { at: sum.at / points.length, value: sum.value / points.length };
}
