/** An error with what, where, why and what to do: the core's error as a JavaScript error. */
export class MopsError extends Error {
  name = "MopsError";

  /** @param {{code: string, message: string, where?: object, mend?: string}} parts */
  constructor({ code, message, where, mend }, options) {
    super(message, options);
    this.code = code;
    this.where = where ?? {};
    this.mend = mend ?? "";
  }

  /** Plain data, for events, messages and widgets. */
  toJSON() {
    const { code, message, where, mend, errors } = this;
    return { code, message, where, mend, ...(errors && { errors }) };
  }

  /** Whatever was thrown, as a MopsError. The core throws JSON text: one error, or several of a charter. */
  static from(thrown, where) {
    if (thrown instanceof MopsError) return thrown;
    let parts = thrown;
    if (typeof thrown === "string") {
      try {
        parts = JSON.parse(thrown);
      } catch {
        parts = { code: "failed", message: thrown };
      }
    }
    const errors = Array.isArray(parts) ? parts : parts?.errors;
    const first = Array.isArray(parts) ? parts[0] : parts;
    const error = new MopsError(
      {
        code: typeof first?.code === "string" ? first.code : "failed",
        message: String(first?.message ?? first),
        where: { ...where, ...first?.where },
        mend: first?.mend,
      },
      thrown instanceof Error ? { cause: thrown } : undefined,
    );
    if (errors?.length > 1) error.errors = errors;
    return error;
  }
}
