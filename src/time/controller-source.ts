/** Where controllers come from; one that was given back unused may be handed out again. */
export interface ControllerSource {
  take(): AbortController;
  /** Called when nothing follows the controller any more. */
  giveBack(controller: AbortController): void;
}

/** Makes a controller for each who asks. */
export const freshControllers: ControllerSource = {
  take: () => new AbortController(),
  giveBack: () => undefined,
};
