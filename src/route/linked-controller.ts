import { onAbort } from "../time/on-abort.ts";
import type { ControllerSource } from "../time/controller-source.ts";

/** A controller on loan that follows a signal until it is disposed. */
export class LinkedController implements Disposable {
  readonly #controllers: ControllerSource;
  readonly #controller: AbortController;
  readonly #unfollow: () => void;

  constructor(parent: AbortSignal, controllers: ControllerSource) {
    this.#controllers = controllers;
    this.#controller = controllers.take();
    if (parent.aborted) this.abort(parent.reason);
    this.#unfollow = onAbort(parent, () => this.abort(parent.reason));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Once only: the controller is handed to another. */
  [Symbol.dispose](): void {
    this.#unfollow();
    this.#controllers.giveBack(this.#controller);
  }
}
