/** Collects what went against the properties; a world goes on, so that its whole story is told. */
export class Violations {
  readonly found: string[] = [];
  #more = 0;

  /** Notes a breach unless the condition holds. */
  check(holds: boolean, property: string, story: () => string): void {
    if (holds) return;
    if (this.found.length < mostTold) this.found.push(`${property}: ${story()}`);
    else this.#more += 1;
  }

  /** What is to be shown. */
  get told(): readonly string[] {
    return this.#more === 0 ? this.found : [...this.found, `and ${this.#more} more`];
  }
}

const mostTold = 10;
