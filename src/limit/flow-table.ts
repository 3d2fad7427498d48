import { FlowQueue, type Order, type Queued } from "./flow-queue.ts";

/** The flows that are remembered: those in which something waits, and a bounded number of idle ones. */
export class FlowTable<T extends Queued> {
  readonly #order: Order;
  readonly #maxIdle: number;
  /** By priority and by tenant. */
  #flows = new Map<number, Map<string, FlowQueue<T>>>();
  #size = 0;
  /** The flow that was asked for last: mostly there is but one. */
  #recent: FlowQueue<T> | undefined;

  constructor(order: Order, maxIdle: number) {
    this.#order = order;
    this.#maxIdle = maxIdle;
  }

  get size(): number {
    return this.#size;
  }

  find({ tenant, priority }: T): FlowQueue<T> | undefined {
    const recent = this.#recent;
    if (recent !== undefined && recent.tenant === tenant && recent.priority === priority) return recent;
    const flow = this.#flows.get(priority)?.get(tenant);
    if (flow !== undefined) this.#recent = flow;
    return flow;
  }

  /** Remembers a flow that was not known. */
  open({ tenant, priority }: T, tag: number): FlowQueue<T> {
    const flow = new FlowQueue<T>(tenant, priority, this.#order);
    flow.tag = tag;
    this.#add(flow);
    return flow;
  }

  /**
   * Makes room when more flows are idle than may be: only those stay that could not start at `virtualTime` anyway and,
   * of these, the ones farthest from it. False when there was room.
   */
  forgetIdle(busy: number, virtualTime: number): boolean {
    if (this.#size - busy <= Math.max(this.#maxIdle, busy)) return false;
    const flows = [...this.#flows.values()].flatMap((tenants) => [...tenants.values()]);
    const idle = flows.filter(({ length, tag }) => length === 0 && tag > virtualTime).toSorted((a, b) => b.tag - a.tag);
    this.#flows = new Map();
    this.#size = 0;
    this.#recent = undefined;
    for (const flow of flows) if (flow.length > 0) this.#add(flow);
    for (const flow of idle.slice(0, this.#maxIdle >> 1)) this.#add(flow);
    return true;
  }

  #add(flow: FlowQueue<T>): void {
    const tenants = this.#flows.get(flow.priority);
    if (tenants === undefined) this.#flows.set(flow.priority, new Map([[flow.tenant, flow]]));
    else tenants.set(flow.tenant, flow);
    this.#size += 1;
    this.#recent = flow;
  }
}
