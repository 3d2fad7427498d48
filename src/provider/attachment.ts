import type { JsonObject, JsonValue } from "../call/json.ts";
import { field, textOf } from "./json-field.ts";

/** An image, a sound or a file in a message: its bytes, or where they are. */
export type Attachment = { readonly kind: "image" | "audio" | "file" } & AttachmentSource;

/** Where the bytes are. */
export type AttachmentSource = { readonly mimeType: string; readonly base64: string } | { readonly url: string };

/** What a part in OpenAI's words attaches; `undefined` when it is none of those. */
export const attachmentOf = (part: JsonObject): Attachment | undefined => {
  switch (textOf(part["type"])) {
    case "image_url": {
      const image = part["image_url"];
      return located("image", typeof image === "string" ? image : field(image, "url"));
    }
    case "input_audio": {
      const audio = part["input_audio"];
      const mimeType = `audio/${textOf(field(audio, "format")) || "wav"}`;
      return { kind: "audio", mimeType, base64: textOf(field(audio, "data")) };
    }
    case "file":
      return located("file", field(part["file"], "file_data"));
    default:
      return undefined;
  }
};

const located = (kind: Attachment["kind"], url: JsonValue | undefined): Attachment | undefined => {
  if (typeof url !== "string" || url === "") return undefined;
  const head = /^data:([^;,]*)([^,]*),/i.exec(url);
  if (head === null) return { kind, url };
  const [{ length }, mimeType = "", parameters = ""] = head;
  const data = url.slice(length);
  return { kind, mimeType, base64: /;base64$/i.test(parameters) ? data : encoded(data) };
};

/** The other manner of a data URL: its text, percent-encoded. */
const encoded = (data: string): string => {
  try {
    return Buffer.from(decodeURIComponent(data)).toString("base64");
  } catch {
    return Buffer.from(data).toString("base64");
  }
};
