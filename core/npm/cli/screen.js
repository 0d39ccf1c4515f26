// Drawing on a terminal, frame by frame.

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";

/** A terminal's alternate screen: the shell's own contents come back when it is left. */
export class Screen {
  #output;
  #stream;
  #entered = false;
  #leave = () => this.leave();

  /** @param {{ raw(text: string): Promise<void> }} output writer to the stream */
  constructor(output, stream = process.stdout) {
    this.#output = output;
    this.#stream = stream;
  }

  /** Size of the terminal; unlimited if it does not say. */
  get size() {
    const { rows, columns } = this.#stream;
    return { rows: rows > 0 ? rows : Infinity, columns: columns > 0 ? columns : Infinity };
  }

  /** Shows the screen, and calls `redraw` when its size changes or the process resumes after a stop. */
  enter(redraw) {
    this.#show();
    this.#stream.on("resize", redraw);
    process.once("exit", this.#leave);
    process.on("SIGTSTP", this.#suspend);
    const resumed = () => {
      this.#show();
      redraw();
    };
    process.on("SIGCONT", resumed);
    this.#release = () => {
      this.#stream.off("resize", redraw);
      process.off("exit", this.#leave);
      process.off("SIGTSTP", this.#suspend);
      process.off("SIGCONT", resumed);
    };
  }

  /** Draws a frame over the last one, in one write. */
  async draw(text) {
    // The shell may have the terminal back meanwhile.
    if (!this.#entered) return;
    // A row is cleared before it is written: after a full row, the cursor still is on its last letter.
    const lines = text.split("\n").map((line) => `\u001b[2K${line}`);
    const rest = lines.length < this.size.rows ? "\r\n\u001b[J" : "";
    await this.#output.raw(`\u001b[H${lines.join("\r\n")}${rest}`);
  }

  /** Gives the terminal back to the shell. */
  leave() {
    this.#release();
    this.#release = () => {};
    this.#hide();
  }

  #release = () => {};

  #show() {
    this.#entered = true;
    this.#output.raw(ENTER);
  }

  #hide() {
    if (!this.#entered) return;
    this.#entered = false;
    this.#output.raw(LEAVE);
  }

  /** Restores the terminal, and stops as the shell asks. */
  #suspend = () => {
    this.#hide();
    process.kill(process.pid, "SIGSTOP");
  };
}
