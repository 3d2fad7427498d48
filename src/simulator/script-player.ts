import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "../time/clock.ts";
import { bytewiseOutlet, type Outlet } from "./outlet.ts";
import type { Frame, Script } from "./script.ts";

/** Who is told how a delivery goes. */
export interface Audience {
  /** The first byte is about to be sent; the headers that are known only now. */
  head(): Readonly<Record<string, string>>;
  /** A frame was sent. */
  played(frame: Frame): void;
  /** The delivery ended by itself; not called after `stop`. */
  ended(): void;
}

/** What a player needs beside its script. */
export interface PlayerOptions {
  readonly clock: Clock;
  readonly dripMs: number;
  /** Whether each byte is sent alone. */
  readonly splitBytes: boolean;
  /** @default until the client leaves */
  readonly stallMs?: number;
}

/** Sends an answer frame by frame at its times. Frames that are due together leave together, and without delay there is no timer. */
export class ScriptPlayer {
  readonly #script: Script;
  readonly #response: ServerResponse;
  readonly #outlet: Outlet;
  readonly #audience: Audience;
  readonly #options: PlayerOptions;
  readonly #startedAt: number;
  #next = 0;
  #timer: Timer | undefined;

  constructor(script: Script, response: ServerResponse, audience: Audience, options: PlayerOptions) {
    this.#script = script;
    this.#response = response;
    this.#outlet = options.splitBytes ? bytewiseOutlet(response) : response;
    this.#audience = audience;
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  play(): void {
    const { frames } = this.#script;
    const text = this.#takeDue(frames);
    const next = frames[this.#next];
    if (next === undefined) return this.#finish(text);
    if (text !== "") this.#write(text);
    this.#wait(this.#startedAt + next.atMs, () => this.play());
  }

  /** Forgets the rest: the client has left. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
  }

  #takeDue(frames: readonly Frame[]): string {
    const elapsed = this.#options.clock.now() - this.#startedAt;
    let text = "";
    for (let frame = frames[this.#next]; frame !== undefined && frame.atMs <= elapsed; frame = frames[this.#next]) {
      this.#next++;
      text += frame.text;
      this.#audience.played(frame);
    }
    return text;
  }

  #finish(text: string): void {
    switch (this.#script.ending) {
      case "end":
        this.#sendHead();
        this.#outlet.end(text);
        return this.#audience.ended();
      case "destroy":
        this.#write(text, () => this.#response.destroy());
        return this.#audience.ended();
      case "reset":
        this.#response.socket?.resetAndDestroy();
        return this.#audience.ended();
      case "hang":
        if (text !== "") this.#write(text);
        return this.#giveUpAt(this.#options.clock.now() + (this.#options.stallMs ?? Infinity));
      case "drip":
        this.#write(text);
        return this.#drip(this.#options.clock.now() + (this.#options.stallMs ?? Infinity));
    }
  }

  #giveUpAt(at: number): void {
    if (at === Infinity) return;
    this.#wait(at, () => this.#giveUp());
  }

  #drip(until: number): void {
    const at = this.#options.clock.now() + this.#options.dripMs;
    if (at >= until) return this.#giveUpAt(until);
    this.#wait(at, () => {
      this.#write(this.#script.filler);
      this.#drip(until);
    });
  }

  #giveUp(): void {
    this.#audience.ended();
    this.#response.destroy();
  }

  #wait(at: number, callback: () => void): void {
    this.#timer = this.#options.clock.schedule(at, callback);
  }

  #write(text: string, written?: () => void): void {
    this.#sendHead();
    this.#outlet.write(text, written);
  }

  #sendHead(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, { ...this.#script.headers, ...this.#audience.head() });
  }
}
