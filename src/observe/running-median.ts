/** Each value moves the estimate by this share of itself. */
const step = 0.05;

/**
 * A value that about half of the newest values exceed, in one number: every value moves it a little towards itself
 * (Ma, Muthukrishnan and Sandler, "Frugal streaming", 2013). Before the first value it is 0.
 */
export class RunningMedian {
  value = 0;

  add(value: number): void {
    if (this.value === 0) this.value = value;
    else if (value !== this.value) this.value *= value > this.value ? 1 + step : 1 - step;
  }
}
