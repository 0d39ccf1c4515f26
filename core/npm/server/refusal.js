// Refusals of requests: each has a status, a code and a sentence that a producer can act on.
import { CallboardError } from "../error.js";

/** A request that is answered with an error. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {{ code: string, message: string, hint?: string }} error shown to the user as it is
   * @param {{ headers?: object, more?: object }} [extra] headers of the answer, and more fields of its error
   */
  constructor(status, { code, message, hint }, { headers = {}, more = {} } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = { error: { code, message, hint, ...more } };
  }
}

export const notFound = (path) => new Refusal(404, { code: "not_found", message: `There is no file ${path} in this folder.` });

export const outside = (path) =>
  new Refusal(403, {
    code: "outside",
    message: `${path} is not in the folder that is open.`,
    hint: "Only files of that folder can be read and saved.",
  });

export const readOnlyRefusal = () =>
  new Refusal(403, {
    code: "read_only",
    message: "Callboard was started with --read-only, so nothing is saved or committed.",
    hint: "Start it again without that option to save here.",
  });

/** The answer to a file that is not as the page knew it. The ETag of its content goes along; none if it is gone. */
export function changedMeanwhile(path, etag) {
  const gone = etag === undefined;
  const message = gone ? `${path} is no longer there.` : `${path} was changed by somebody else meanwhile.`;
  const hint = gone ? "Save it as a new file, or drop the changes." : "Read it again and merge the changes.";
  return new Refusal(412, { code: "changed", message, hint }, { headers: gone ? {} : { ETag: `"${etag}"` } });
}

/** Statuses of the system's errors. Others on reading and writing are conflicts with the state of the machine. */
const SYSTEM = { ENOSPC: 507, EDQUOT: 507, EACCES: 403, EPERM: 403, EROFS: 403, EMFILE: 503, ENFILE: 503 };

/** Statuses of the package's errors. */
const STATUS = { too_large: 413, locked: 409, unwritable: 409, unreadable: 409, folder_not_found: 404, session_not_found: 404, file_not_found: 404 };

/** Converts an error to a refusal; undefined for a defect in this program. */
export function refusalOf(error) {
  if (error instanceof Refusal) return error;
  if (!(error instanceof CallboardError)) return undefined;
  const { code, message, hint, line, column } = error;
  const status = SYSTEM[error.cause?.code] ?? STATUS[code] ?? 500;
  return new Refusal(status, { code, message, hint }, { more: { line, column } });
}
