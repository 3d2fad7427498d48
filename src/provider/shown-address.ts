import { isSecretName } from "./request-headers.ts";

/** An address as it may be shown: whoever writes a password or a key into it does so by mistake, and it goes no further. */
export const shownAddress = (address: string): string =>
  address
    .replace(
      /^https?:/i.test(address) && URL.canParse(address) ? /^([^/?#]*\/\/)[^/?#]*@/ : /^([^/?#]*\/\/|)[^]*@/,
      "$1…@",
    )
    .replace(/([?&])([^=&#?]+)=[^&#]*/g, (whole, mark: string, name: string) =>
      isSecretName(name) ? `${mark}${name}=…` : whole,
    );
