/**
 * Changes by key, as an asynchronous iterator that loses none, however slow its consumer is. A key that changes several
 * times before the consumer asks is reported once; if it changes after that, it is reported again.
 */
export class Changes {
  #open;
  #describe;
  #signal;
  /** Ends the watch; undefined before the first `next()`. */
  #close;
  #keys = new Set();
  #ended = false;
  /** Error that ended the watch, until it is thrown. */
  #failure;
  #turn = Promise.resolve();
  #wake = () => {};
  #abort = () => this.#end();

  /**
   * @param {(told: { tell: (key: string) => void, fail: (error: unknown) => void }) => () => void} open begins the watch,
   *   and returns the function that ends it
   * @param {(key: string) => unknown} describe returns the report on a key
   */
  constructor(open, describe, signal) {
    this.#open = open;
    this.#describe = describe;
    this.#signal = signal;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    this.#begin();
    const turn = this.#turn.then(() => this.#next());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async return(value) {
    this.#end();
    return { done: true, value };
  }

  async throw(error) {
    this.#end();
    throw error;
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    this.#end();
  }

  #begin() {
    if (this.#close !== undefined || this.#ended) return;
    if (this.#signal?.aborted) return this.#end();
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
    const tell = (key) => {
      this.#keys.add(key);
      this.#wake();
    };
    try {
      this.#close = this.#open({ tell, fail: (error) => this.#end({ error }) });
    } catch (error) {
      this.#end({ error });
    }
  }

  async #next() {
    for (;;) {
      if (this.#ended) return this.#over();
      const [key] = this.#keys;
      if (key === undefined) {
        await new Promise((resolve) => (this.#wake = resolve));
        continue;
      }
      // A change while the key is looked at is reported again.
      this.#keys.delete(key);
      let value;
      try {
        value = await this.#describe(key);
      } catch (error) {
        this.#end({ error });
      }
      if (!this.#ended) return { done: false, value };
    }
  }

  #over() {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return { done: true, value: undefined };
  }

  #end(failure) {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#close?.();
    this.#wake();
  }
}
