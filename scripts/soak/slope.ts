/** A straight line through measured values. */
export interface Slope {
  /** Change of y for each unit of x. */
  readonly perUnit: number
  /** Half of the 95 % confidence interval; values that follow each other are taken to be alike, not independent. */
  readonly uncertainty: number
}

const TWO_SIDED_95 = 1.96

/**
 * Fits a line by least squares. Memory readings hang together over time, which makes the usual error too small; it is
 * widened by the correlation of neighbouring residuals (effective sample size of an AR(1) process).
 *
 * @param x ascending, at least three values
 * @param y as many
 */
export function fitSlope(x: readonly number[], y: readonly number[]): Slope {
  const meanX = mean(x)
  const meanY = mean(y)
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  const perUnit =
    x.reduce((sum, value, index) => sum + (value - meanX) * ((y[index] ?? 0) - meanY), 0) / spread
  const residuals = y.map((value, index) => value - meanY - perUnit * ((x[index] ?? 0) - meanX))
  const squares = residuals.reduce((sum, value) => sum + value ** 2, 0)
  const neighbours = residuals
    .slice(1)
    .reduce((sum, value, index) => sum + value * (residuals[index] ?? 0), 0)
  const correlation = squares === 0 ? 0 : Math.max(0, Math.min(0.99, neighbours / squares))
  const error = Math.sqrt(squares / (x.length - 2) / spread)
  return { perUnit, uncertainty: TWO_SIDED_95 * error * Math.sqrt((1 + correlation) / (1 - correlation)) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
