// Checks of every request: that it is for this server, from its own page, and by somebody who has the token.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";

import { Refusal } from "./refusal.js";

/** Milliseconds in which a browser that is started must ask for its page. */
const TICKET_MS = 60_000;

/** Addresses that stand for every address of the machine. */
const ANY = ["0.0.0.0", "::"];

/** True for an address that only this machine can reach. */
export const isLoopback = (host) => host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/u.test(host);

const spelled = (host) => (host.includes(":") ? `[${host}]` : host);

/** Checks of the requests to a server on a host and port. */
export class Guard {
  #hosts;
  #token;
  #cookie;
  /** Token that is taken once, in place of the lasting one. */
  #ticket;

  constructor({ host, port, token }) {
    const own = ["127.0.0.1", "localhost", "::1", host, ...(ANY.includes(host) ? everyHost() : [])];
    this.#hosts = new Set(own.flatMap((name) => hostsOf(name.toLowerCase(), port)));
    this.#token = token;
    this.#cookie = `callboard-${port}`;
  }

  /** Throws for a request that names another host (DNS rebinding), or that comes from another site's page. */
  assertOwn(request, { isApi }) {
    const hosts = request.headersDistinct.host ?? [];
    const host = hosts[0]?.toLowerCase();
    if (hosts.length !== 1 || !this.#hosts.has(host)) {
      const message = "This address is not one of Callboard's.";
      throw new Refusal(421, { code: "wrong_host", message, hint: "Open the address that callboard printed." });
    }
    const { origin, "sec-fetch-site": site } = request.headers;
    const isOther = origin !== undefined && origin.toLowerCase() !== `http://${host}`;
    const isFromOther = isApi && site !== undefined && site !== "same-origin" && site !== "none";
    const isUnnamed = origin === undefined && request.method !== "GET" && request.method !== "HEAD";
    if (!isOther && !isFromOther && !isUnnamed) return;
    const message = "Only Callboard's own page may send this request.";
    throw new Refusal(403, { code: "wrong_origin", message, hint: "Open the address that callboard printed." });
  }

  /** Throws for a request without the token's cookie. */
  assertToken(request) {
    const cookies = (request.headers.cookie ?? "").split(";").map((cookie) => cookie.trim());
    const prefix = `${this.#cookie}=`;
    const given = cookies.filter((cookie) => cookie.startsWith(prefix)).map((cookie) => cookie.slice(prefix.length));
    if (!given.some((token) => this.#isToken(token))) throw noToken();
  }

  /**
   * Returns a token that works once, and soon: other users of the machine see the arguments of the program that opens the
   * browser.
   */
  newTicket() {
    const ticket = newToken();
    this.#ticket = ticket;
    setTimeout(() => this.#takes(ticket), TICKET_MS).unref();
    return ticket;
  }

  #takes(given) {
    if (this.#ticket === undefined || !isSame(given, this.#ticket)) return false;
    this.#ticket = undefined;
    return true;
  }

  /** Returns the cookie for the token of an address; throws if it is not the token. */
  cookieFor(token) {
    if (!this.#isToken(token) && !this.#takes(token)) throw noToken();
    return `${this.#cookie}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #isToken(given) {
    return isSame(given, this.#token);
  }
}

/** Makes a token that nobody can guess. */
export const newToken = () => randomBytes(24).toString("base64url");

/** Compares digests, of equal length, so that the time of the comparison says nothing. */
const isSame = (given, wanted) => timingSafeEqual(digest(given), digest(wanted));

const digest = (text) => createHash("sha256").update(text).digest();

const noToken = () =>
  new Refusal(401, {
    code: "no_token",
    message: "Callboard does not know this browser.",
    hint: "Open the address that callboard printed in the terminal, with its token.",
  });

/** Spells a host as requests do; browsers leave out the port of the protocol. */
function hostsOf(name, port) {
  const host = spelled(name);
  return port === 80 ? [host, `${host}:80`] : [`${host}:${port}`];
}

/** Lists the names by which other machines may reach this one. */
function everyHost() {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found.map(({ address }) => address));
  return [hostname(), ...addresses];
}

/** Returns the address of a server's page. */
export const originOf = (host, port) => `http://${spelled(ANY.includes(host) ? "127.0.0.1" : host)}${port === 80 ? "" : `:${port}`}`;
