// Headers that every answer has: what the page may load, and who may use the answer.
/** Capabilities of a browser that the app never uses. */
const UNUSED = [
  "accelerometer",
  "bluetooth",
  "camera",
  "display-capture",
  "encrypted-media",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

/** Policy of an output's own document: none of its scripts run, and it loads nothing. */
export const OUTPUT_POLICY = "sandbox; default-src 'none'";

/** Reads the content security policy of the app's page, and adds the directive that counts only in a header. */
export function pagePolicy(html) {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(html) ?? [];
  return `${policy ?? "default-src 'none'"}; frame-ancestors 'none'`;
}

/** Returns the headers of every answer, for a page with this policy. */
export const securityHeaders = (policy) => ({
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": UNUSED.map((name) => `${name}=()`).join(", "),
});
