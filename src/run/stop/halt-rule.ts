/** When failed rows end a run. */
export interface HaltRule {
  /** `soon` lets what is in flight finish, `now` aborts it. */
  readonly when: "soon" | "now";
  /** So many failed rows. */
  readonly rows?: number;
  /** So many of a hundred finished rows. */
  readonly percent?: number;
}
