import type { IncomingMessage } from "node:http";

/**
 * Collects a request body and hands it over once; undefined when it was larger than `maxBytes`.
 *
 * The rest of a large body is read and dropped: answering in the middle of it would reset the connection, and the
 * client would see that instead of the answer.
 */
export const readBody = (
  request: IncomingMessage,
  maxBytes: number,
  receive: (body: string | undefined) => void,
): void => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
    else pieces.length = 0;
  });
  request.on("end", () => {
    const [only] = pieces;
    if (bytes > maxBytes) receive(undefined);
    else receive((pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)).toString());
  });
};
