import type { CallEvent } from "../call/call-event.ts";

/** What can be listened to: one type of event, or `*` for all. */
export type CallEventName = CallEvent["type"] | "*";

/** The events of that name. */
export type CallEventOf<Name extends CallEventName> = Name extends "*" ? CallEvent : Extract<CallEvent, { type: Name }>;

/** Hands the events of calls to those who listen, in the order in which they came. */
export class CallEvents {
  readonly #report: (error: unknown) => void;
  // Never changed, but replaced: who comes or goes while an event is told does not disturb the telling.
  #listeners: readonly Listener[] = [];

  /** @param report told what a listener throws: it has a bug of its own, and the call goes on. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /**
   * Listens until the returned function is called.
   *
   * @throws TypeError when there is no event of that name, or the listener is no function.
   */
  on<Name extends CallEventName>(name: Name, listener: (event: CallEventOf<Name>) => void): () => void {
    check(name, listener);
    const added: Listener = {
      gone: false,
      hear: (event) => {
        if (isNamed(event, name)) listener(event);
      },
    };
    this.#listeners = [...this.#listeners, added];
    return () => {
      added.gone = true;
      this.#listeners = this.#listeners.filter((other) => other !== added);
    };
  }

  readonly emit = (event: CallEvent): void => {
    for (const listener of this.#listeners) {
      if (listener.gone) continue;
      try {
        listener.hear(event);
      } catch (error) {
        this.#report(error);
      }
    }
  };
}

interface Listener {
  gone: boolean;
  readonly hear: (event: CallEvent) => void;
}

const isNamed = <Name extends CallEventName>(event: CallEvent, name: Name): event is CallEvent & CallEventOf<Name> =>
  name === "*" || event.type === name;

const names: Readonly<Record<CallEventName, true>> = {
  "*": true,
  "call-start": true,
  "attempt-start": true,
  "first-content": true,
  "attempt-end": true,
  "call-retry": true,
  "call-end": true,
};

const check = (name: string, listener: unknown): void => {
  if (!Object.hasOwn(names, name))
    throw new TypeError(`Cannot listen: there is no event "${name}"; there are ${Object.keys(names).join(", ")}`);
  if (typeof listener !== "function")
    throw new TypeError(`Cannot listen to "${name}": the listener must be a function, got ${typeof listener}`);
};
