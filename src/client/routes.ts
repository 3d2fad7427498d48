import type { Call, ModelRef } from "../call/call.ts";
import type { Vendor } from "../provider/vendor.ts";
import type { Candidate } from "../route/candidate.ts";
import type { QuotaScope } from "./pools.ts";
import type { ProviderTable } from "./provider-table.ts";

/** The models that several deployments serve, and those that stand in for others. */
export interface RouteTableOptions {
  readonly deployments?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly fallbacks?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A model, and the name under which several deployments serve it. */
export interface RoutedModel extends ModelRef {
  readonly group?: string;
}

/** What of a call says where it may go. */
type Aim = Pick<Call, "model" | "group" | "deployment">;

/** Where calls may go: of each model its deployments, and of each deployment the quota that it takes from. */
export class RouteTable {
  readonly #table: ProviderTable;
  readonly #groups: ReadonlyMap<string, readonly string[]>;
  readonly #fallbacks: ReadonlyMap<string, readonly string[]>;
  readonly #candidates = new Map<string, readonly Candidate[]>();

  constructor(table: ProviderTable, { deployments = {}, fallbacks = {} }: RouteTableOptions = {}) {
    this.#table = table;
    this.#groups = new Map(Object.entries(deployments));
    this.#fallbacks = new Map(Object.entries(fallbacks));
  }

  /** The vendor whose formats and quirks apply to a provider. */
  readonly vendorOf = (provider: string): Vendor => this.#table.vendorOf(provider);

  /** The model of that name: `provider/model`, or the name of several deployments, for which the first of them stands. */
  readonly modelOf = (name: string): RoutedModel => {
    const [first] = this.#groups.get(name) ?? [];
    return first === undefined ? this.#table.parse(name) : { ...this.#table.parse(first), group: name };
  };

  /** Whether several deployments serve a model under that name. */
  isGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  /** The models that are asked, in this order, when that one cannot answer. */
  fallbacksOf(name: string): readonly string[] {
    return this.#fallbacks.get(name) ?? [];
  }

  readonly candidates = ({ model, group, deployment }: Aim): readonly Candidate[] => {
    if (deployment !== undefined) return [{ deployment, model }];
    // A group may bear the name of a model.
    const key = group === undefined ? `${model.provider}/${model.name}` : ` ${group}`;
    const known = this.#candidates.get(key);
    if (known !== undefined) return known;
    const models = group === undefined ? [model] : (this.#groups.get(group) ?? []).map(this.#table.parse);
    const found = models.flatMap(({ provider, name }) =>
      this.#table.idsOf(provider).map((deployment) => ({ deployment, model: { provider, name } })),
    );
    if (this.#candidates.size < maxRemembered) this.#candidates.set(key, found);
    return found;
  };

  /** What a call's attempts are counted against: each key by itself, and each model of it where the provider counts so. */
  readonly scopeOf = ({ model, deployment = model.provider }: Pick<Call, "model" | "deployment">): QuotaScope => {
    const limits = this.#table.limitsOf(model.provider);
    const whole = limits !== undefined || this.#table.vendorOf(model.provider).quotaScope === "account";
    return { name: whole ? deployment : `${deployment}/${model.name}`, limits };
  };
}

/** Rows may name their own models; no file makes the table grow without end. */
const maxRemembered = 1000;
